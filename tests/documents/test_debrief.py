"""A debrief says the same in every format, is marked as an exercise on every page, and draws what its list holds."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html import unescape

import pytest
from pypdf import PdfReader

from breachkit.documents.exercise_drawing import describe_exercise, draw_exercise, exercise_pictures
from breachkit.documents.report_html import report_html
from breachkit.documents.report_pdf import report_pdf
from breachkit.domain.exercise.chart import ExerciseChart, chart
from breachkit.domain.exercise.debrief import Debrief, debrief_of
from breachkit.domain.exercise.runs import Run
from breachkit.domain.exercise.scenario import Inject
from breachkit.workflow.exercise.debrief_page import page
from tests.exercise_runs import BEGIN, PLAYED, busy, hours, perfect, run, scenario

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script> | #read("/etc/passwd") *bold* [link](http://example.com) \N{RIGHT-TO-LEFT OVERRIDE}x'


def made(one: Run, earlier: tuple[Run, ...] = ()) -> Debrief:
    return debrief_of(one, earlier, PLAYED)


def pages(debrief: Debrief) -> PdfReader:
    return PdfReader(io.BytesIO(report_pdf(page(debrief))))


def said(debrief: Debrief) -> dict[str, str]:
    """Each format's words."""
    html = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>", " ", report_html(page(debrief)), flags=re.S)
    texts = {
        "md": page(debrief).markdown().replace("\\", ""),
        "html": unescape(html),
        "pdf": " ".join(one.extract_text() for one in pages(debrief).pages),
    }
    return {format: " ".join(re.sub(r"[\u200b\u00ad`]", "", text).split()) for format, text in texts.items()}


def hostile() -> Run:
    """Words that would do harm if anything took them for more than words, wherever words of people may stand."""
    injects = (Inject("bad", "mail", HOSTILE, HOSTILE, hours(0), pressure=hours(2)),)
    world = scenario(title=f"Title {HOSTILE}", injects=injects)
    acts = replace(
        run().doings,
        fired={"bad": BEGIN},
        notes=((BEGIN, HOSTILE),),
        refused=((BEGIN, HOSTILE, HOSTILE),),
        decided=(replace(run().doings.decided[0], ground=HOSTILE),),
    )
    return run(scenario=world, doings=acts, team=HOSTILE)


def test_every_format_says_what_was_earned_lost_and_planned() -> None:
    for format, text in said(made(run(), (perfect(),))).items():
        for part in (
            "32 of 56 points, 57.1 per cent",
            "Start the clock",
            "performed with major challenges",
            "Report to the authority - filing it in time",
            "Practise the half page.",
            "the data says too little",
            "no incident was opened yet",
            "Improvement plan",
            "(proposed)",
            "Worse than in the run before",
            "lost_device",
            "A journalist: We print at noon.",
            "not legal advice",
            "bb" * 6,
        ):
            assert part in text, f"{format} lacks {part!r}"


def test_an_exercise_is_marked_on_every_page_and_at_both_ends() -> None:
    debrief = made(busy())
    mark = "EXERCISE - EXERCISE - EXERCISE"
    lines = page(debrief).markdown().strip().split("\n")
    assert mark in lines[0]
    assert mark in lines[-1]
    assert report_html(page(debrief)).count(mark) >= 2
    found = pages(debrief).pages
    assert len(found) > 4
    assert all(mark in one.extract_text() for one in found)


def test_the_same_debrief_gives_the_same_bytes() -> None:
    first, second = made(busy()), made(busy())
    assert page(first).markdown() == page(second).markdown()
    assert report_html(page(first)) == report_html(page(second))
    assert report_pdf(page(first)) == report_pdf(page(second))


def test_hostile_words_stay_words() -> None:
    debrief = made(hostile())
    html = report_html(page(debrief))
    assert "<script" not in html
    assert 'href="http://example.com"' not in html
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html
    assert not re.search(r'(?:src|href)="(?!#)|url\((?!#)|@import', html)
    text = said(debrief)
    assert "alert(1)" in text["pdf"]
    assert "root:x:0:0" not in text["pdf"]


def test_the_pdf_is_tagged_and_says_what_its_pictures_show() -> None:
    found = pages(made(run()))
    root = found.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own kind of boolean
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert found.metadata is not None
    assert found.metadata.title == "Debrief: The key that was lost"


def test_an_exercise_that_is_not_over_says_so_at_the_top() -> None:
    held = tuple(replace(one, points=0.0, outcome="missed", at=None, wanted_by=BEGIN + hours(70)) for one in run().score.lines)
    going = run(held, ended_at=None, now=BEGIN + hours(9))
    for text in said(made(going)).values():
        assert "This exercise is not over" in text
        assert text.index("This exercise is not over") < text.index("The score")
        assert "13 lines of the score, 56 points, can still be earned and count as not done yet." in text
        assert "No line lost a point so far" in text


# -- the drawing


def drawings() -> list[ExerciseChart]:
    empty = run(doings=type(run().doings)(), findings=(), injects=())
    long = run(scenario=scenario(lasts=hours(24 * 35)), now=BEGIN + hours(24 * 35), ended_at=BEGIN + hours(24 * 35))
    return [chart(one) for one in (run(), busy(), perfect(), hostile(), empty, long)]


@pytest.mark.parametrize("width", [700, 1000])
@pytest.mark.parametrize("number", range(6))
def test_the_drawing_is_sound_names_itself_and_keeps_within_its_frame(number: int, width: int) -> None:
    root = ET.fromstring(draw_exercise(drawings()[number], width=width))
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "exercise-line-title exercise-line-told")
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    assert not [node for node in root.iter() if node.tag == f"{SVG}script"]
    height = float(root.attrib["height"])
    for node in root.iter(f"{SVG}text"):
        assert 0 <= float(node.attrib["x"]) <= width
        assert 0 <= float(node.attrib["y"]) <= height


def test_every_number_of_the_list_stands_in_the_drawing() -> None:
    drawn = chart(busy())
    root = ET.fromstring(draw_exercise(drawn))
    shown = {node.text for node in root.iter(f"{SVG}text")}
    assert {str(dot.number) for dot in drawn.dots} <= shown
    text = page(made(busy())).markdown()
    assert all(f"| {dot.number} | " in text for dot in drawn.dots)


def test_no_dot_covers_another() -> None:
    root = ET.fromstring(draw_exercise(chart(busy())))
    placed = [
        (float(shape.attrib["cx"]), float(shape.attrib["cy"]))
        for group in root.iter(f"{SVG}g")
        for shape in group.findall(f"{SVG}circle")
        if shape.get("r") == "8"
    ]
    lanes = [place for place in placed if sum(other[1] == place[1] for other in placed) > 0]
    near = [
        (one, other)
        for n, one in enumerate(lanes)
        for other in lanes[n + 1 :]
        if one != other and abs(one[1] - other[1]) < 16 and abs(one[0] - other[0]) < 16
    ]
    assert near == []


def test_it_reads_without_colour() -> None:
    drawn = draw_exercise(chart(run()))
    shown = " ".join(node.text or "" for node in ET.fromstring(drawn).iter(f"{SVG}text"))
    for words in ("What reached the team", "What the team did", "Deadlines of the law", "filed late", "Phone", "Filings",
                  "start to target", "to the outer limit", "+72 h", "Europe/Madrid"):  # fmt: skip
        assert words in shown
    assert "url(#exercise-outer)" in drawn
    assert 'stroke-dasharray="5 3"' in drawn


def test_a_crowded_drawing_is_cut_into_pictures_that_fit_a_page() -> None:
    drawn = chart(busy())
    found = list(exercise_pictures(drawn, font="Arial", width=700, tallest=500))
    assert len(found) > 1
    numbers: set[str | None] = set()
    for n, (svg, words) in enumerate(found, 1):
        root = ET.fromstring(svg)
        assert float(root.attrib["height"]) <= 500
        assert words.endswith(f"Part {n} of {len(found)}.")
        numbers |= {node.text for node in root.iter(f"{SVG}text")}
    assert {str(dot.number) for dot in drawn.dots} <= numbers


def test_the_description_counts_what_is_drawn() -> None:
    told = describe_exercise(chart(run()))
    assert told.startswith("Time line of the exercise from Thu 19 Nov 2026 16:00 CET to ")
    assert "messages to the team 3" in told
    assert "deadlines 1, senders' deadlines 1" in told
