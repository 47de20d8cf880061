"""`--format parquet --table NAME`: one read model in columns, for DuckDB, pandas, Arrow, Spark.

Money is `int64`, the very range of the database's `bigint`: exact, and summed natively by every
reader, where decimals come out as objects. Of which moment the file is stands in its key-value
metadata under `socai`, as JSON; a row group is written as soon as it is full.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from projections.columns import Column
from projections.projection import Projection
from service.export.fund import Fund
from service.export.headings import heading
from service.export.moment import provenance

GROUP_ROWS = 65_536
"""Rows of a row group: some 10 MB in memory, enough for its columns to be packed well."""
KEY = b"socai"
_TYPES: Mapping[type, pa.DataType] = {
    int: pa.int64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
}


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """The table that was asked for."""
    (table,) = fund.tables
    await write_table(fund, table, into, told)


async def write_table(
    fund: Fund, table: Projection, into: BinaryIO, told: Callable[[int], None]
) -> None:
    """One table; `told` of its rows."""
    columns = fund.columns(table)
    schema = _schema(fund, table, columns)
    waiting: list[pa.RecordBatch] = []
    done = 0
    with pq.ParquetWriter(into, schema, compression="zstd") as parquet:
        async for page in fund.pages(table):
            waiting.append(_batch(columns, schema, page))
            done += len(page)
            if sum(each.num_rows for each in waiting) >= GROUP_ROWS:
                parquet.write_table(pa.Table.from_batches(waiting), GROUP_ROWS + len(page))
                waiting.clear()
            told(done)
        if waiting:
            parquet.write_table(pa.Table.from_batches(waiting), GROUP_ROWS)


def _schema(fund: Fund, table: Projection, columns: Sequence[Column]) -> pa.Schema:
    about = {**provenance(fund.moment), "view": fund.view.name, "table": table.name}
    fields = [
        pa.field(each.name, _type(each), each.is_nullable, {"title": heading(each.name)})
        for each in columns
    ]
    return pa.schema(fields, {KEY: orjson.dumps(about, option=orjson.OPT_UTC_Z)})


def _type(column: Column) -> pa.DataType:
    scalar = _TYPES.get(column.kind, pa.string())
    return pa.list_(scalar) if column.is_array else scalar


def _batch(
    columns: Sequence[Column], schema: pa.Schema, page: Sequence[Iterable[Any]]
) -> pa.RecordBatch:
    arrays = []
    for column, field, values in zip(columns, schema, zip(*page, strict=True), strict=True):
        told = [str(each) for each in values] if column.kind is UUID else values
        arrays.append(pa.array(told, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
