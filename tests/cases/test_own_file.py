"""A file becomes cells of text, each on its line, or a sentence."""

import sys

import pandas as pd
import pytest

from hubanalysis.cases.begin import sheet_of
from hubanalysis.cases.own_file import Fault, of_frame, read_file
from hubanalysis.cases.own_table import Roles, understood
from hubanalysis.words.refusals import HubError
from tests.command.own import rows, text, written


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (text(), "jobs.csv"),
        (text(sign=";"), "jobs.csv"),
        (text(sign="\t"), "jobs.tsv"),
        (text(sign="|"), "jobs.txt"),
        (text(end="\r\n"), "jobs.csv"),
        (text(end="\r"), "jobs.csv"),
        (text().encode("latin-1"), "jobs.csv"),
        (text().encode("utf-8-sig"), "jobs.csv"),
        (text().encode("utf-16"), "jobs.csv"),
        (text().replace("\n", "\n\n"), "jobs.csv"),
        (text().replace(",", " , "), "jobs.csv"),
    ],
)
def test_the_cells_are_the_same_whatever_wrote_them(tmp_path, content, name):
    cells = read_file(written(tmp_path, content, name)).cells
    assert [list(cells.columns), *cells.values.tolist()] == rows()


def numbered():
    """The table with its types, as a program would write it."""
    head, *body = rows()
    frame = pd.DataFrame(body, columns=head).astype({"year": int, "jobs": float})
    frame["first"] = pd.to_numeric(frame["first"])
    return frame


def same_cells(sheet):
    frame = numbered()
    cells = sheet.cells[list(frame.columns)]
    assert cells[["place", "year", "first"]].values.tolist() == [
        row[:3] for row in rows()[1:]
    ]
    assert cells["jobs"].astype(float).tolist() == frame["jobs"].tolist()


@pytest.mark.parametrize("kind", ["parquet", "dta"])
def test_other_kinds_of_files_hold_the_same_cells(tmp_path, kind):
    path = tmp_path / f"jobs.{kind}"
    if kind == "parquet":
        pytest.importorskip("pyarrow")
        numbered().to_parquet(path)
    else:
        numbered().to_stata(path, write_index=False, version=118)
    same_cells(read_file(path))


def test_lines_are_those_of_the_file(tmp_path):
    path = written(tmp_path, 'place,jobs\n\n"two\nlines",1\nlast,2\n')
    assert read_file(path).cells.index.tolist() == [3, 5]


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("", "jobs.csv", "is empty"),
        ("|", "jobs.csv", "is empty"),
        ("place,jobs\n", "jobs.csv", "no rows below"),
        (b"a\x00b", "jobs.csv", "no text table"),
        (b"PK\x03\x04...", "jobs.csv", "workbook or an archive"),
        ("a,b\n1,2\n", "jobs.pdf", "cannot be read here"),
        ("a,\nx,y\nz,w\n", "jobs.csv", "column 2 has no name"),
        ("a,b,a\n1,2,3\n", "jobs.csv", "more than one column 'a'"),
        (b"no workbook", "jobs.dta", "cannot be read as dta"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path, content, name, says):
    with pytest.raises(HubError, match=says):
        read_file(written(tmp_path, content, name))


def test_a_missing_file_says_what_is_there(tmp_path):
    written(tmp_path, "a", "job.csv")
    with pytest.raises(HubError, match=r"no file .*jobs\.csv.*job\.csv"):
        read_file(tmp_path / "jobs.csv")


def test_rows_of_another_length_are_faults_with_their_lines(tmp_path):
    sheet = read_file(written(tmp_path, "a,b\n1,2\n3\n1,2,3\n1,2,\n"))
    assert [fault.lines for fault in sheet.faults] == [(3,), (4,)]


def test_a_column_that_numbers_the_rows_is_left_out_and_said(tmp_path):
    sheet = read_file(written(tmp_path, ",a,b\n0,x,y\n1,z,w\n"))
    assert list(sheet.cells.columns) == ["a", "b"]
    assert "numbers the rows" in sheet.assumed[0]


def test_a_frame_becomes_text_as_somebody_would_type_it():
    frame = pd.DataFrame(
        {
            "a": [1.0, None],
            "b": [True, False],
            "c": pd.to_datetime(["2019-03-01", None]),
            "d": [0.1, 1e-7],
        }
    )
    assert of_frame(frame).cells.values.tolist() == [
        ["1", "true", "2019-03-01", "0.1"],
        ["", "false", "", "1e-07"],
    ]


def test_a_fault_names_line_column_cell_and_way_out():
    fault = Fault("Write it so.", "year", (7, 9), ("FY19", "FY20"))
    assert str(fault) == "lines 7, 9: 'year' is 'FY19', 'FY20'. Write it so."


def excel():
    return pytest.importorskip("openpyxl", reason="openpyxl reads and writes workbooks")


def test_a_workbook_holds_the_same_cells(tmp_path):
    excel()
    numbered().to_excel(tmp_path / "jobs.xlsx", index=False)
    same_cells(read_file(tmp_path / "jobs.xlsx"))


def test_of_several_sheets_the_largest_is_read_and_the_others_are_named(tmp_path):
    excel()
    with pd.ExcelWriter(tmp_path / "jobs.xlsx") as book:
        notes = pd.DataFrame({"read me": ["made in 2020"]})
        notes.to_excel(book, sheet_name="Notes", index=False)
        numbered().to_excel(book, sheet_name="Jobs", index=False)
    sheet = read_file(tmp_path / "jobs.xlsx")
    same_cells(sheet)
    assert sheet.assumed == [
        "jobs.xlsx: the sheet 'Jobs' is read, the largest, and not 'Notes'"
    ]


def test_dates_of_a_workbook_are_dates(tmp_path):
    excel()
    frame = numbered()
    frame["year"] = pd.to_datetime(frame["year"].astype(str) + "-12-31")
    frame.to_excel(tmp_path / "jobs.xlsx", index=False)
    assert read_file(tmp_path / "jobs.xlsx").cells["year"].iloc[0] == "2012-12-31"


def test_merged_cells_are_rows_without_their_unit(tmp_path):
    excel()
    numbered().set_index(["place", "year"]).to_excel(tmp_path / "jobs.xlsx")
    found = understood(
        read_file(tmp_path / "jobs.xlsx"),
        Roles({"place"}, {"year"}, {"jobs"}, {"first"}),
    )
    (fault,) = found.faults
    assert "merged cells" in str(fault)


def test_titles_above_the_names_of_a_workbook_are_pointed_out(tmp_path):
    excel()
    numbered().to_excel(tmp_path / "jobs.xlsx", index=False, startrow=2)
    with pytest.raises(HubError, match="take titles above"):
        read_file(tmp_path / "jobs.xlsx")


def test_units_and_periods_in_the_index_of_parquet_are_columns(tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow reads and writes Parquet")
    numbered().set_index(["place", "year"]).to_parquet(tmp_path / "jobs.parquet")
    same_cells(read_file(tmp_path / "jobs.parquet"))


def test_what_polars_writes_and_holds_is_read(tmp_path):
    polars = pytest.importorskip("polars", reason="polars is in no extra of ours")
    pytest.importorskip("pyarrow", reason="pyarrow reads Parquet")
    table = polars.DataFrame(
        {name: column.tolist() for name, column in numbered().items()}
    )
    table.write_parquet(tmp_path / "jobs.parquet")
    same_cells(read_file(tmp_path / "jobs.parquet"))
    same_cells(sheet_of(table))


def test_labels_of_stata_are_read_in_place_of_their_numbers(tmp_path):
    frame = numbered().astype({"place": "category"})
    frame.to_stata(tmp_path / "jobs.dta", write_index=False, version=118)
    same_cells(read_file(tmp_path / "jobs.dta"))


@pytest.mark.parametrize(
    ("kind", "package", "reader"),
    [("xlsx", "openpyxl", "read_excel"), ("parquet", "pyarrow", "read_parquet"),
     ("xls", "xlrd", "read_excel"), ("ods", "odfpy", "read_excel")],
)  # fmt: skip
def test_a_package_that_is_missing_is_named(
    tmp_path, monkeypatch, kind, package, reader
):
    def missing(*_, **__):
        raise ImportError(f"Missing optional dependency '{package}'")

    monkeypatch.setattr(pd, reader, missing)
    with pytest.raises(HubError, match=rf"pip install {package}.*CSV UTF-8"):
        read_file(written(tmp_path, b"PK", f"jobs.{kind}"))


def test_a_package_that_really_is_missing_is_named(tmp_path, monkeypatch):
    """By the reader itself, as where it is not installed."""
    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(HubError, match=r"pip install xlrd"):
        read_file(written(tmp_path, bytes.fromhex("d0cf11e0a1b11ae1"), "a.xls"))


def test_a_note_below_the_table_is_left_out_and_that_is_said(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("place;year;jobs\nA;2019;1\nA;2020;2\nk.A. = not known\n")
    sheet = read_file(path)
    assert len(sheet.cells) == 2
    assert not sheet.faults
    assert (
        "line 4: 'k.A. = not known' is taken for a note below the table"
        in sheet.assumed[-1]
    )


def test_a_table_in_memory_knows_whether_its_figures_were_numbers():
    assert of_frame(pd.DataFrame({"place": ["A"], "jobs": [1.413]})).typed
    assert not of_frame(pd.DataFrame({"place": ["A"], "jobs": ["1.413"]})).typed
