"""Which columns a SELECT takes each of its columns from, read off DuckDB's own syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from typing import Any

from monitor.transform import nodes

Tree = dict[str, Any]
SourceColumn = tuple[str, str]  # extract, column


class UnreadableTreeError(Exception):
    """The tree holds something that this reader does not follow, such as a table function or an unknown name."""


@dataclass(frozen=True)
class Trace:
    """Where a column comes from.

    Attributes:
        taken: source columns from which its value is computed.
        chosen_by: source columns that decide which records count: conditions, joins and grouping.
        is_exact: False when a file on the way could only be read as a whole.
    """

    taken: frozenset[SourceColumn] = frozenset()
    chosen_by: frozenset[SourceColumn] = frozenset()
    is_exact: bool = True

    @property
    def all(self) -> frozenset[SourceColumn]:
        return self.taken | self.chosen_by

    def __or__(self, other: Trace) -> Trace:
        return Trace(self.taken | other.taken, self.chosen_by | other.chosen_by, self.is_exact and other.is_exact)

    def chosen(self, condition: Trace) -> Trace:
        """The same values, of the records that a condition lets through."""
        return Trace(self.taken, self.chosen_by | condition.all, self.is_exact and condition.is_exact)


NOTHING = Trace()


@dataclass(frozen=True)
class Relation:
    """A table or subquery: a trace for each column.

    Attributes:
        rows: what decides which rows it has.
        others: the trace of any column not listed; None = there is no other column.
    """

    columns: dict[str, Trace]
    rows: Trace = NOTHING
    others: Trace | None = None

    def __contains__(self, column: str) -> bool:
        return column in self.columns or self.others is not None

    def __getitem__(self, column: str) -> Trace:
        return self.columns.get(column) or self.others or NOTHING

    def chosen(self, condition: Trace) -> Relation:
        columns = {name: trace.chosen(condition) for name, trace in self.columns.items()}
        return Relation(columns, self.rows | condition, self.others)


Lookup = Callable[[str, str], Relation]  # schema, table


@dataclass
class _Scope:
    """The names that an expression may use: relations of the FROM clause, aliases of the select list, and those outside."""

    relations: dict[str, Relation] = field(default_factory=dict)
    aliases: dict[str, Trace] = field(default_factory=dict)
    outer: _Scope | None = None

    def trace(self, names: list[str]) -> Trace:
        """The trace of a column reference; parts behind the column are fields of a struct.

        Raises:
            UnreadableTreeError: no relation has it.
        """
        for table, column in pairwise(names[:3]):  # `table.column`, or the same behind its schema
            if table in self.relations and column in self.relations[table]:
                return self.relations[table][column]
        for relation in self.relations.values():  # a name that two share is a key of both: the first one speaks
            if names[0] in relation:
                return relation[names[0]]
        if names[0] in self.aliases:
            return self.aliases[names[0]]
        if self.outer:
            return self.outer.trace(names)
        raise UnreadableTreeError(f"no table has the column {'.'.join(names)}")


def together(traces: list[Trace]) -> Trace:
    """One trace of several."""
    return reduce(Trace.__or__, traces, NOTHING)


def select_relation(node: Tree, lookup: Lookup) -> Relation:
    """Trace every column of a SELECT.

    Args:
        node: the tree of the statement, as `json_serialize_sql` gives it.
        lookup: gives the relation of a table of a schema.

    Raises:
        UnreadableTreeError: see there.
    """
    return _Reader(lookup).query(node, {}, None)


class _Reader:
    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.known: dict[str, Relation] = {}

    def query(self, node: Tree, known: dict[str, Relation], outer: _Scope | None) -> Relation:
        """A SELECT or a UNION, with the common table expressions that stand before it."""
        known = dict(known)
        for entry in node["cte_map"]["map"]:
            known[entry["key"]] = self.query(entry["value"]["query"]["node"], known, outer)
        if node["type"] == "SELECT_NODE":
            return self._select(node, known, outer)
        if node["type"] == "SET_OPERATION_NODE":
            left, right = (self.query(node[side], known, outer) for side in ("left", "right"))
            return _united(left, right, by_name=node["setop_type"] == "UNION_BY_NAME")
        raise UnreadableTreeError(f"a query of type {node['type']}")

    def _select(self, node: Tree, known: dict[str, Relation], outer: _Scope | None) -> Relation:
        self.known = known
        scope = _Scope(outer=outer)
        rows = self._from(node["from_table"], known, scope)
        columns: dict[str, Trace] = {}
        bare: list[str] = []
        for number, expression in enumerate(node["select_list"]):
            if expression["class"] == "STAR":
                columns |= _starred(expression, scope)
                continue
            name = expression["alias"] or _own_name(expression) or f"column{number}"
            columns[name] = scope.aliases[name] = self._expression(expression, scope)
            bare += [name] if _tells_existence(expression) else []
        conditions = [node[name] for name in ("where_clause", "having", "qualify", "group_expressions")]
        condition = rows | together([self._expression(part, scope) for part in conditions if part])
        columns |= {name: columns[name] | Trace(condition.all) for name in bare}
        return Relation(columns).chosen(condition)

    def _from(self, node: Tree, known: dict[str, Relation], scope: _Scope) -> Trace:
        """Put the relations of a FROM clause into the scope; return what decides which rows it has."""
        match node["type"]:
            case "EMPTY":
                return NOTHING
            case "BASE_TABLE":
                is_known = not node["schema_name"] and node["table_name"] in known
                relation = known[node["table_name"]] if is_known else self.lookup(node["schema_name"], node["table_name"])
                scope.relations[node["alias"] or node["table_name"]] = relation
                return relation.rows
            case "SUBQUERY":
                relation = self.query(node["subquery"]["node"], known, scope.outer)
                scope.relations[node["alias"] or f"subquery{len(scope.relations)}"] = relation
                return relation.rows
            case "JOIN":
                return self._join(node, known, scope)
        raise UnreadableTreeError(f"a table of type {node['type']}")

    def _join(self, node: Tree, known: dict[str, Relation], scope: _Scope) -> Trace:
        left_rows = self._from(node["left"], known, scope)
        before = set(scope.relations)
        right_rows = self._from(node["right"], known, scope)
        added = scope.relations.keys() - before
        keys = [scope.trace([name]) for name in node["using_columns"]]
        keys += [scope.relations[table][name] for name in node["using_columns"] for table in added]
        condition = together([*keys, self._expression(node["condition"], scope)])
        # a left join keeps every row of its left side: what comes from the right depends on the keys, and on nothing else there
        is_left = node["join_type"] == "LEFT"
        chosen = right_rows | (Trace(condition.taken, is_exact=condition.is_exact) if is_left else condition)
        for name in added:
            scope.relations[name] = scope.relations[name].chosen(chosen)
        return left_rows if is_left else left_rows | chosen

    def _expression(self, tree: Any, scope: _Scope) -> Trace:
        """Everything that an expression names, as values."""
        if isinstance(tree, list):
            return together([self._expression(part, scope) for part in tree])
        if not isinstance(tree, dict):
            return NOTHING
        match tree.get("class"):
            case "COLUMN_REF":
                return scope.trace(tree["column_names"])
            case "SUBQUERY":
                inner = self.query(tree["subquery"]["node"], self.known, scope)
                return together([inner.rows, *inner.columns.values(), self._expression(tree["child"], scope)])
            case "LAMBDA":
                raise UnreadableTreeError("a lambda")
        found = together([self._expression(part, scope) for part in tree.values()])
        if tree.get("type") in ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"):
            return Trace(found.all, is_exact=found.is_exact)  # what decides whether a record is there is the value itself
        return found


def _own_name(expression: Tree) -> str | None:
    return str(expression["column_names"][-1]) if expression["class"] == "COLUMN_REF" else None


def _tells_existence(expression: Tree) -> bool:
    """Whether a value says only that records are there: `true`, a label, `count(*)`. `null`, `false` and 0 say nothing."""
    parts = list(nodes(expression))
    functions = [part["function_name"] for part in parts if part.get("class") == "FUNCTION"]
    if any(part.get("class") == "COLUMN_REF" for part in parts) or set(functions) - {"count_star"}:
        return False
    constants = [part["value"] for part in parts if part.get("class") == "CONSTANT"]
    says = [value["value"] for value in constants if not value["is_null"] and value["value"] not in (False, "f", 0)]
    return bool(functions or says)


def _starred(star: Tree, scope: _Scope) -> dict[str, Trace]:
    """The columns of `*` or `table.*`, without the excluded ones.

    Raises:
        UnreadableTreeError: the star renames or replaces, or reads a table whose columns are not known.
    """
    if star["replace_list"] or star["rename_list"] or star["expr"]:
        raise UnreadableTreeError("a star with changes")
    named = star["relation_name"]
    relations = [scope.relations[named]] if named else list(scope.relations.values())
    if any(relation.others is not None for relation in relations):
        raise UnreadableTreeError("a star over a table whose columns are not known")
    columns = {name: trace for relation in relations for name, trace in relation.columns.items()}
    return {name: trace for name, trace in columns.items() if name not in star["exclude_list"]}


def _united(left: Relation, right: Relation, *, by_name: bool) -> Relation:
    if by_name:
        names = dict.fromkeys((*left.columns, *right.columns))
        columns = {name: left.columns.get(name, NOTHING) | right.columns.get(name, NOTHING) for name in names}
    else:
        pairs = zip(left.columns.items(), right.columns.values(), strict=True)
        columns = {name: trace | other for (name, trace), other in pairs}
    return Relation(columns, left.rows | right.rows)
