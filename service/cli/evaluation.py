"""The evaluation's table: what was reported beside what the events add up to.

It is asked as any client would ask: `examples/evaluation.graphql`, over HTTP.
"""

import asyncio
from typing import Any, TypeAlias
from urllib.request import Request, urlopen

import orjson
from rich.console import Console
from rich.table import Table

from events.money import Vnd, write_ledger
from service.pages import EXAMPLES

Answer: TypeAlias = dict[str, Any]
ANSWER_SECONDS_MAX = 30
INVENTED = (
    "The article states what was published; names, split and payments are\n"
    " invented within the caps of the law, and marked synthetic."
)

NAMES = {
    "TOTAL_FUNDING": ("Tổng kinh phí", "total funding"),
    "SCHEMES": ("Số đề án điểm", "focal schemes"),
    "FACILITIES": ("Số cơ sở CNNT", "facilities"),
    "PROVINCES": ("Số tỉnh, thành phố", "provinces reached"),
    "TERRITORY": ("Địa bàn phụ trách", "provinces served"),
}


async def answered(at: str) -> Answer:
    """The evaluation, as `/graphql` answers it."""
    query = (EXAMPLES / "evaluation.graphql").read_text(encoding="utf-8")
    answer = await asyncio.to_thread(_posted, f"{at}/graphql", query)
    if answer.get("errors"):
        raise RuntimeError(f"examples/evaluation.graphql was refused: {answer['errors']}")
    return answer["data"]


def agrees(answer: Answer) -> bool:
    """Whether every reported figure is what the events add up to."""
    return all(int(each["gap"]) == 0 for each in answer["period"]["reportedFigures"])


def show(answer: Answer) -> None:
    """Print it: the figures, then what they are made of. Fits 80 columns."""
    period = answer["period"]
    console = Console(highlight=False)
    console.print(f"\n [bold]Đánh giá {period['code']}[/] · what was published, from the events\n")
    console.print(_figures(period))
    console.print()
    console.print(_parts(answer))
    console.print()
    console.print(_facts(period))
    console.print(f"\n [dim]{INVENTED}[/]\n")


def _facts(period: Answer) -> Table:
    totals, then, now = period["totals"], period["coverage"], period["today"]
    met = sum(each["verdict"] == "MET" for each in period["criteria"])
    facts = Table.grid(padding=(0, 1), pad_edge=True)
    facts.add_column(style="dim", no_wrap=True)
    for name, text in (
        ("grant", _money(totals["grant"])),
        ("counterpart", _money(totals["counterpart"])),
        ("paid out", f"{_money(totals['disbursed'])}, net of what was reversed"),
        ("coverage", f"{then['provinces']} of {then['of']} provinces on the map of then"),
        ("", f"{now['provinces']} of {now['of']} on today's: {', '.join(now['names'])}"),
        ("criteria", f"{met} of {len(period['criteria'])} met"),
    ):
        facts.add_row(name, text)
    for each in period["reportedFigures"]:
        if int(each["gap"]):
            facts.add_row("[red]gap[/]", f"{NAMES[each['measure']][0]}: {each['gap']}")
    return facts


def _figures(period: Answer) -> Table:
    table = _table("", "published", "from the events", "")
    order = list(NAMES)
    for each in sorted(period["reportedFigures"], key=lambda each: order.index(each["measure"])):
        measure = each["measure"]
        shown = _money if measure == "TOTAL_FUNDING" else str
        vietnamese, english = NAMES[measure]
        table.add_row(
            f"{vietnamese} [dim]{english}[/]",
            shown(each["value"]),
            shown(each["derived"]),
            "[red]✗[/]" if int(each["gap"]) else "[green]✓[/]",
        )
    return table


def _parts(answer: Answer) -> Table:
    """Provinces and sectors side by side; both sum to the total."""
    both = Table.grid()
    both.add_row(
        _split("by province", [(each["province"], each) for each in answer["byProvince"]]),
        _split("by sector", [(each["sector"], each) for each in answer["bySector"]]),
    )
    return both


def _split(by: str, parts: list[tuple[Answer, Answer]]) -> Table:
    table = _table(by, "cơ sở", "đồng")
    for what, each in parts:
        amount = _money(each["total"]).removesuffix(" ₫")
        table.add_row(what["name"], str(each["facilities"]), amount)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=True, header_style="dim")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _money(amount: str | int) -> str:
    return write_ledger(Vnd(int(amount)))


def _posted(url: str, query: str) -> Answer:
    body = orjson.dumps({"query": query})
    request = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own
    with urlopen(request, timeout=ANSWER_SECONDS_MAX) as answer:  # noqa: S310
        return orjson.loads(answer.read())
