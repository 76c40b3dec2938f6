"""Checks that the parts of tryton-sdk call only downwards, so that a call can be followed in one direction."""

import re
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "sdk" / "src"

# From the top down. A part may name those in the lines below its own, and within its own line itself alone.
CRATE = [["testing"], ["client"], ["cache"], ["flight"], ["wire"], ["task"], ["clock"]]
CLIENT = [
    ["builder"],
    ["cached_calls", "ping", "user", "warnings"],
    ["answers"],
    ["exchange"],
    ["sessions"],
    ["endpoint"],
    ["address", "retry"],
    ["observe"],
    ["metrics"],
]


def without_tests(text):
    return text.split("#[cfg(test)]")[0]


def part_of(path, root):
    return path.relative_to(root).parts[0].removesuffix(".rs")


def named(text, prefixes):
    """The parts that a file names, by `prefix::part` and `prefix::{part, …}`. Comments name what they like."""
    code = re.sub(r"//.*", "", text)
    for prefix in prefixes:
        yield from re.findall(rf"\b{prefix}::([a-z_]+)", code)
        for group in re.findall(rf"\b{prefix}::\{{([^;]*)\}};", code):
            yield from re.findall(r"\b([a-z_]+)(?=::|\s*[,}])", group)


def check(root, layers, prefixes):
    level = {part: number for number, parts in enumerate(layers) for part in parts}
    for path in sorted(root.rglob("*.rs")):
        part = part_of(path, root)
        if part in ("lib", "mod"):
            continue
        if part not in level:
            yield f"{path}: the part `{part}` has no place in .ci/layers.py"
            continue
        text = without_tests(path.read_text())
        depth = len(path.relative_to(root).parts) - 1
        wanted = prefixes if depth == 0 else [prefix for prefix in prefixes if prefix != "super"]
        for other in named(text, wanted):
            if other in level and other != part and level[other] <= level[part]:
                yield f"{path}: `{part}` names `{other}`, which does not stand below it"


faults = list(check(SOURCES, CRATE, ["crate"]))
faults += check(SOURCES / "client", CLIENT, ["crate::client", "super"])
print("\n".join(faults) or "the parts of tryton-sdk call downwards")
sys.exit(bool(faults))
