"""Write the quizzes for learning platforms: GIFT for Moodle, QTI for Canvas and others.

Run by ``make quizzes``. Writes ``_build/quizzes/<chapter>.gift`` and
``<chapter>-qti.zip`` (version 1.2 of QTI, which Canvas, Blackboard and D2L import),
with a reason for every answer, right or wrong.
"""

from __future__ import annotations

import argparse
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from hubanalysis.words.files import replaced
from hubanalysis.words.refusals import HubError
from tools.book.chapters import ROOT
from tools.book.editions import EditionError, executed, named
from tools.book.notebooks import context_of
from tools.book.source import Chapter
from tools.teach.bank import FOLDER, Question, check, read

OUTPUT = ROOT / "_build" / "quizzes"
WHEN = (1980, 1, 1, 0, 0, 0)  # the same questions give the same bytes
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
MANIFEST = "http://www.imsglobal.org/xsd/imscp_v1p1"
METADATA = "http://www.imsglobal.org/xsd/imsmd_v1p2"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"


def gift(questions: Sequence[Question]) -> str:
    r"""Write questions in GIFT.

    Examples
    --------
    >>> from tools.teach.bank import Answer, Question
    >>> answers = Answer("One", False, "No."), Answer("p = 2", True, "Yes.")
    >>> print(gift([Question("hubs 01", "How many?", answers)]))
    ::hubs 01::[markdown]How many? {
        ~One#No.
        =p \= 2#Yes.
    }
    <BLANKLINE>
    """
    blocks = []
    for question in questions:
        lines = [f"::{_escaped(question.name)}::[markdown]{_escaped(question.ask)} {{"]
        for answer in question.answers:
            mark = "=" if answer.is_right else "~"
            lines.append(
                f"    {mark}{_escaped(answer.text)}#{_escaped(answer.because)}"
            )
        blocks.append("\n".join([*lines, "}\n"]))
    return "\n".join(blocks)


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text)


def qti(name: str, title: str, questions: Sequence[Question]) -> dict[str, str]:
    """Write questions in QTI 1.2: the files of a package by their paths.

    Parameters
    ----------
    name, title : str
        Of the quiz.
    questions : sequence of Question
    """
    root = ElementTree.Element("questestinterop", xmlns=QTI)
    quiz = ElementTree.SubElement(root, "assessment", ident=name, title=title)
    section = ElementTree.SubElement(quiz, "section", ident="root_section")
    for number, question in enumerate(questions, 1):
        _item(section, f"{name}-{number:02}", question)
    return {
        "imsmanifest.xml": _manifest(name, title),
        f"{name}/assessment_meta.xml": _settings(name, title, len(questions)),
        f"{name}/{name}.xml": _written(root),
    }


def _item(section: ElementTree.Element, ident: str, question: Question) -> None:
    def below(parent: ElementTree.Element, *tags: str, text: str = "", **attributes):
        for tag in tags[:-1]:
            parent = ElementTree.SubElement(parent, tag)
        last = ElementTree.SubElement(parent, tags[-1], attributes)
        last.text = text or None
        return last

    item = below(section, "item", ident=ident, title=question.name)
    fields = below(item, "itemmetadata", "qtimetadata")
    for label, entry in (
        ("question_type", "multiple_choice_question"),
        ("points_possible", "1"),
    ):
        field = below(fields, "qtimetadatafield")
        below(field, "fieldlabel", text=label)
        below(field, "fieldentry", text=entry)
    shown = below(item, "presentation")
    below(shown, "material", "mattext", text=question.ask, texttype="text/plain")
    choices = below(shown, "response_lid", ident="choice", rcardinality="Single")
    choices = below(choices, "render_choice", shuffle="Yes")
    scored = below(item, "resprocessing")
    limits = {"maxvalue": "100", "minvalue": "0", "vartype": "Decimal"}
    below(scored, "outcomes", "decvar", varname="SCORE", **limits)
    for number, answer in enumerate(question.answers, 1):
        mark = f"{ident}-{number}"
        label = below(choices, "response_label", ident=mark)
        below(label, "material", "mattext", text=answer.text, texttype="text/plain")
        rule = below(scored, "respcondition", **{"continue": "Yes"})
        below(rule, "conditionvar", "varequal", text=mark, respident="choice")
        if answer.is_right:
            below(rule, "setvar", text="100", action="Set", varname="SCORE")
        below(rule, "displayfeedback", feedbacktype="Response", linkrefid=f"{mark}_fb")
    for number, answer in enumerate(question.answers, 1):
        said = below(item, "itemfeedback", ident=f"{ident}-{number}_fb")
        below(
            said, "flow_mat", "material", "mattext",
            text=answer.because, texttype="text/plain",
        )  # fmt: skip


def _manifest(name: str, title: str) -> str:
    root = ElementTree.Element("manifest", xmlns=MANIFEST, identifier=f"{name}-package")
    root.set("xmlns:imsmd", METADATA)
    about = ElementTree.SubElement(root, "metadata")
    ElementTree.SubElement(about, "schema").text = "IMS Content"
    ElementTree.SubElement(about, "schemaversion").text = "1.1.3"
    said = about
    for tag in ("lom", "general", "title", "langstring"):
        said = ElementTree.SubElement(said, f"imsmd:{tag}")
    said.text = title
    ElementTree.SubElement(root, "organizations")
    resources = ElementTree.SubElement(root, "resources")
    quiz, settings = f"{name}/{name}.xml", f"{name}/assessment_meta.xml"
    resource = ElementTree.SubElement(
        resources, "resource", identifier=name, type="imsqti_xmlv1p2", href=quiz
    )
    ElementTree.SubElement(resource, "file", href=quiz)
    ElementTree.SubElement(resource, "dependency", identifierref=f"{name}-settings")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    resource = ElementTree.SubElement(
        resources,
        "resource",
        identifier=f"{name}-settings",
        type=kind,
        href=settings,
    )
    ElementTree.SubElement(resource, "file", href=settings)
    return _written(root)


def _settings(name: str, title: str, points: int) -> str:
    """Write what Canvas asks beside QTI: it shuffles answers if told so here."""
    root = ElementTree.Element("quiz", identifier=name, xmlns=CANVAS)
    for tag, text in (
        ("title", title),
        ("shuffle_answers", "true"),
        ("scoring_policy", "keep_highest"),
        ("quiz_type", "assignment"),
        ("points_possible", str(points)),
        ("show_correct_answers", "true"),
        ("allowed_attempts", "1"),
    ):
        ElementTree.SubElement(root, tag).text = text
    return _written(root)


def _written(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def made(done: Sequence[Chapter]) -> dict[str, tuple[str, list[Question]]]:
    """Make the quizzes of executed chapters: title and questions by name.

    Parameters
    ----------
    done : sequence of Chapter
        Executed; those without a quiz are left out.

    Raises
    ------
    EditionError
        If a question lacks a part or a number, or the chapter's numbers belie it.
    """
    quizzes = {}
    for chapter in done:
        path = FOLDER / f"{chapter.path.stem}.toml"
        if not path.is_file():
            continue
        title = re.search(r"^# (.+)$", chapter.path.read_text("utf8"), re.M)[1]
        try:
            context = context_of(chapter.notebook)
            quizzes[path.stem] = title, read(path, context)
            check(path, context)
        except ValueError as error:
            raise EditionError(str(error)) from None
    return quizzes


def write(
    quizzes: dict[str, tuple[str, Sequence[Question]]], target: Path
) -> list[Path]:
    """Write the quizzes into a folder, which is replaced once all are ready.

    Parameters
    ----------
    quizzes : dict
        Title and questions by name of the chapter.
    target : Path
        The folder.
    """
    with replaced(target) as fresh:
        fresh.mkdir(parents=True)
        for name, (title, questions) in quizzes.items():
            (fresh / f"{name}.gift").write_text(gift(questions), "utf8")
            with zipfile.ZipFile(fresh / f"{name}-qti.zip", "w") as package:
                for path, text in qti(name, title, questions).items():
                    package.writestr(zipfile.ZipInfo(path, WHEN), text)
    return sorted(target.iterdir())


def main() -> None:
    """Write the quizzes of the chapters that are named, or of all that have one."""
    parser = argparse.ArgumentParser(
        prog="make quizzes", description=__doc__.splitlines()[0]
    )
    parser.add_argument("chapters", nargs="*", help="all that have a quiz if none")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    have = sorted(path.stem for path in FOLDER.glob("*.toml"))
    try:
        if without := [name for name in given.chapters if name not in have]:
            raise EditionError(
                f"There is no quiz for {' or '.join(map(repr, without))}. Nothing was "
                f"written. There is one for: {', '.join(have)}."
            )
        written = write(made(executed(named(given.chapters or have))), given.output)
    except HubError as error:
        raise SystemExit(str(error)) from None
    print(f"{len(written)} files written to {given.output}")


if __name__ == "__main__":
    main()
