"""`--format csv` and `parquet` of the whole fund: a zip, a file for each table, and what they are.

`datapackage.json` describes them as a Data Package (specs.frictionlessdata.io) does: each column
with its type and Vietnamese title, each file with its size and SHA-256, and under `socai` of which
moment all of it is. Everything in the zip bears the moment's own date: one moment, one zip.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib import import_module
from io import BufferedIOBase
from typing import Any, BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import orjson

from projections.columns import Column
from projections.projection import Projection
from service.export.as_csv import MOMENT
from service.export.fund import Fund
from service.export.headings import TABLES, heading
from service.export.moment import provenance

DESCRIPTION: Final = "datapackage.json"
TYPES: Mapping[type, str] = {
    int: "integer",
    bool: "boolean",
    date: "date",
    datetime: "datetime",
}
OLDEST = (1980, 1, 1, 0, 0, 0)
"""Before it a zip knows no time."""


async def write_csv(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """Every table as `as_csv.py` writes it."""
    await _write(fund, into, told, "csv", "text/csv")


async def write_parquet(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """Every table as `as_parquet.py` writes it."""
    await _write(fund, into, told, "parquet", "application/vnd.apache.parquet")


class _Member(BufferedIOBase):
    """A file in the zip: it knows how far it is, and the hash of what it has."""

    def __init__(self, into: BinaryIO) -> None:
        self._into = into
        self.size = 0
        self.hash = sha256()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size

    def write(self, chunk: Any, /) -> int:  # noqa: ANN401 - whatever has bytes
        self.hash.update(chunk)
        self.size += len(chunk)
        return self._into.write(chunk)


async def _write(
    fund: Fund, into: BinaryIO, told: Callable[[int], None], ending: str, kind: str
) -> None:
    write_table: Callable[..., Awaitable[None]]
    write_table = import_module(f"service.export.as_{ending}").write_table
    packing = ZIP_DEFLATED if ending == "csv" else ZIP_STORED
    resources: list[Mapping[str, object]] = []
    done = 0
    with ZipFile(into, "w", packing) as package:
        for table in fund.tables:
            path, before = f"{table.name}.{ending}", done

            def further(rows: int, before: int = before) -> None:
                nonlocal done
                done = before + rows
                told(done)

            about = _dated(path, fund.moment.recorded_at, packing)
            with package.open(about, "w", force_zip64=True) as opened:
                member = _Member(cast("BinaryIO", opened))
                await write_table(fund, table, member, further)
            resources.append(_resource(fund, table, member, path, kind))
        about = _dated(DESCRIPTION, fund.moment.recorded_at, ZIP_DEFLATED)
        package.writestr(about, _description(fund, resources))


def _dated(name: str, at: datetime | None, packing: int) -> ZipInfo:
    """No clock: two packages of one moment are equal byte by byte."""
    when = at.astimezone(UTC).timetuple()[:6] if at else OLDEST
    about = ZipInfo(name, max(when, OLDEST))
    about.compress_type = packing
    about.external_attr = 0o644 << 16
    return about


def _resource(
    fund: Fund, table: Projection, member: _Member, path: str, kind: str
) -> Mapping[str, object]:
    said = MOMENT if path.endswith(".csv") else ()
    fields = [_field(each) for each in (*fund.columns(table), *said)]
    return {
        "name": table.name,
        "title": TABLES[table.name],
        "path": path,
        "profile": "tabular-data-resource",
        "mediatype": kind,
        "encoding": "utf-8",
        "bytes": member.size,
        "hash": f"sha256:{member.hash.hexdigest()}",
        "schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]},
    }


def _field(column: Column) -> Mapping[str, object]:
    return {
        "name": column.name,
        "type": "array" if column.is_array else TYPES.get(column.kind, "string"),
        "title": heading(column.name),
        "constraints": {"required": not column.is_nullable},
    }


def _description(fund: Fund, resources: list[Mapping[str, object]]) -> bytes:
    about = {
        "profile": "tabular-data-package",
        "name": "socai",
        "title": "Kinh phí khuyến công quốc gia · National industrial-promotion fund",
        "socai": {**provenance(fund.moment), "view": fund.view.name},
        "resources": resources,
    }
    return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
