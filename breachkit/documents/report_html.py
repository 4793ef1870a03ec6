"""The incident report and the register as one HTML page with its looks and its drawing in it: nothing is fetched or run."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from breachkit.documents.drawing import draw
from breachkit.documents.exercise_drawing import draw_exercise
from breachkit.documents.tree import Node, parse
from breachkit.documents.watermark import html as across_the_page
from breachkit.domain.exercise.chart import ExerciseChart
from breachkit.domain.incident_report import ReportDocument
from breachkit.domain.timechart import Chart

_STYLE = """
body{margin:0;background:#fff;color:#1a1a1a;font:11pt/1.45 Arial,Helvetica,sans-serif;overflow-wrap:anywhere}
main,footer{max-width:64em;margin:0 auto;padding:24px}
h1{font-size:19pt;line-height:1.25;margin:0 0 12px}
h2{font-size:14pt;margin:28px 0 8px;border-bottom:1px solid #888}
h3{font-size:11.5pt;margin:18px 0 6px}
p{margin:0 0 10px}
.banner{padding:8px 12px;border:2px solid #9b1c1c;color:#9b1c1c;font-weight:bold}
table{border-collapse:collapse;margin:0 0 12px;width:100%;font-size:10pt}
th,td{border:1px solid #888;padding:4px 7px;text-align:left;vertical-align:top}
th{background:#eee}
th:first-child,td:first-child{min-width:4em}
figure{margin:0 0 16px;overflow-x:auto}
figure svg{max-width:100%;height:auto}
code{font-size:9.5pt}
footer{border-top:1px solid #888;color:#4a4a4a;font-size:10pt}
@media print{thead{display:table-header-group}tr,figure{break-inside:avoid}h2,h3{break-after:avoid}main,footer{max-width:none}}
"""


def report_html(document: ReportDocument) -> str:
    """A whole HTML5 page in the report's language."""
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(document.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(' - '.join([*document.banners, document.title]))}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        *([across_the_page(document.watermark)] if document.watermark else []),
        "<main>",
        *(f'<p class="banner">{escape(line)}</p>' for line in document.banners),
        f"<h1>{escape(document.title)}</h1>",
        *map(_block, parse(document.before)),
        *([_figure(document.chart, clear=bool(document.watermark))] if document.chart is not None else []),
        *map(_block, parse(document.after)),
        *(f'<p class="banner">{escape(line)}</p>' for line in document.banners if document.watermark),
        "</main>",
        f"<footer>{escape(document.foot)}</footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _figure(chart: Chart | ExerciseChart, *, clear: bool) -> str:
    drawn = draw_exercise(chart) if isinstance(chart, ExerciseChart) else draw(chart, clear=clear)
    return f"<figure>\n{drawn}\n</figure>"


def _block(node: Node) -> str:
    match node.kind:
        case "heading":
            return f"<h{node.level}>{_inline(node.children)}</h{node.level}>"
        case "bullet_list" | "ordered_list":
            tag = "ul" if node.kind == "bullet_list" else "ol"
            return f"<{tag}>\n" + "\n".join(f"<li>{_item(item)}</li>" for item in node.children) + f"\n</{tag}>"
        case "table":
            head, *body = [f"<tr>{''.join(map(_cell, row.children))}</tr>" for row in node.children]
            return "\n".join(["<table>", f"<thead>{head}</thead>", "<tbody>", *body, "</tbody>", "</table>"])
        case _:
            return f"<p>{_inline(node.children)}</p>"


def _item(item: Node) -> str:
    return "\n".join(_inline(child.children) if child.kind == "paragraph" else _block(child) for child in item.children)


def _cell(cell: Node) -> str:
    tag, scope = ("th", ' scope="col"') if cell.level else ("td", "")
    return f"<{tag}{scope}>{_inline(cell.children)}</{tag}>"


def _inline(nodes: Iterable[Node]) -> str:
    parts = []
    for node in nodes:
        match node.kind:
            case "text":
                parts.append(escape(node.text))
            case "code":
                parts.append(f"<code>{escape(node.text)}</code>")
            case "strong" | "emphasis":
                tag = "strong" if node.kind == "strong" else "em"
                parts.append(f"<{tag}>{_inline(node.children)}</{tag}>")
            case "link":
                parts.append(f'<a href="{escape(node.href)}">{_inline(node.children)}</a>')
            case "space" | "line_break":
                parts.append("\n" if node.kind == "space" else "<br>\n")
            case _:
                parts.append(_inline(node.children))
    return "".join(parts)
