"""Outlines of three maps: from the two atlases in ``raw/`` to the table.

``python -m tools.data.make outlines``
"""

import math

import pandas as pd

# Which shapes of which atlas, by name, and how far a line may be moved, in degrees.
MAPS = {
    "norway": (0, "countries", {"Norway"}, 0.03),
    "china": (0, "countries", {"China"}, 0.08),
    "united-states": (1, "states", None, 0.04),
}
OUTSIDE = {
    *("Alaska", "Hawaii", "Puerto Rico", "Guam", "American Samoa"),
    *("Commonwealth of the Northern Mariana Islands",),
    "United States Virgin Islands",
}


def lines(atlas, shapes, names):
    """Yield the arcs of the shapes, each once, as lists of (longitude, latitude)."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    used = set()

    def collect(arcs):
        for arc in arcs:
            if isinstance(arc, list):
                collect(arc)
            else:
                used.add(arc if arc >= 0 else ~arc)

    for shape in atlas["objects"][shapes]["geometries"]:
        name = shape["properties"]["name"]
        if name in names if names else name not in OUTSIDE:
            collect(shape["arcs"])
    for number in sorted(used):
        x = y = 0
        line = []
        for dx, dy in atlas["arcs"][number]:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        yield line


def simplify(line, tolerance):
    """Leave out what moves a line by less (Douglas and Peucker), in square degrees."""
    if len(line) < 3:
        return line
    (ax, ay), (bx, by) = line[0], line[-1]
    shrink = math.cos(math.radians(ay))
    length = math.hypot((bx - ax) * shrink, by - ay)

    def away(point):
        px, py = (point[0] - ax) * shrink, point[1] - ay
        if not length:
            return math.hypot(px, py)
        return abs(px * (by - ay) - py * (bx - ax) * shrink) / length

    far = max(range(1, len(line) - 1), key=lambda i: away(line[i]))
    if away(line[far]) < tolerance:
        return [line[0], line[-1]]
    return simplify(line[: far + 1], tolerance)[:-1] + simplify(line[far:], tolerance)


def tables(raw):
    """One row per point of a line."""
    atlases = [raw.json(name) for name in ("countries-50m", "states-10m")]
    rows = []
    for place, (atlas, shapes, names, tolerance) in MAPS.items():
        number = 0
        for line in lines(atlases[atlas], shapes, names):
            if place == "norway" and (line[0][0] < 0 or line[0][1] > 72):
                continue  # Svalbard and Jan Mayen have no hotels in our table
            short = simplify(line, tolerance)
            across = max(math.dist(short[0], point) for point in short)
            if across < 0.12:
                continue  # an islet
            number += 1
            for point, (x, y) in enumerate(short, 1):
                rows.append((place, number, point, f"{x:.2f}", f"{y:.2f}"))
    columns = ["map", "line", "point", "longitude", "latitude"]
    table = pd.DataFrame(rows, columns=columns)
    assert table["longitude"].astype(float).between(-180, 180).all()
    assert table["latitude"].astype(float).between(18, 72).all()
    return {"outlines": table}
