"""What questions an estimate: chance, other dates, other donors, power, bounds."""
