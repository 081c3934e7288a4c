"""The case that these tests look at."""

NAME = "norwegian-tourism-cluster"


WEST = ["Hordaland", "Møre og Romsdal", "Rogaland", "Sogn og Fjordane"]
