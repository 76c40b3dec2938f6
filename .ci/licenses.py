"""Checks that every dependency comes from a registry, under a licence that `deny.toml` allows.

A small part of `cargo deny check licenses sources`, for machines without cargo-deny.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def allowed(expression, licenses):
    """Whether an SPDX expression can be satisfied by `licenses`: `MIT OR (Apache-2.0 AND ISC)`."""
    # Old crates write `MIT/Apache-2.0`.
    tokens = re.findall(r"[()]|[^\s()]+", expression.replace("/", " OR "))

    def either():
        result = both()
        while tokens[:1] == ["OR"]:
            tokens.pop(0)
            result |= both()
        return result

    def both():
        result = one()
        while tokens[:1] == ["AND"]:
            tokens.pop(0)
            result &= one()
        return result

    def one():
        name = tokens.pop(0)
        if name == "(":
            result = either()
            tokens.pop(0)
            return result
        if tokens[:1] == ["WITH"]:
            name = " ".join([name, tokens.pop(0), tokens.pop(0)])
        return name in licenses

    return either() and not tokens


def main():
    # Not with `tomllib`, which Python has only since 3.11.
    rules = (ROOT / "deny.toml").read_text()
    licenses = set(re.findall(r'"([^"]+)"', re.search(r"^allow = \[(.*?)^\]", rules, re.M | re.S)[1]))
    exceptions = dict(re.findall(r'^  \{ crate = "([^"]+)", allow = \["([^"]+)"\] \},$', rules, re.M))
    metadata = ["cargo", "metadata", "--format-version", "1", "--all-features", "--locked"]
    packages = json.loads(subprocess.run(metadata, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    faults = []
    for package in packages:
        name, license, source = f"{package['name']} {package['version']}", package["license"], package["source"]
        if not license or not allowed(license, licenses | {exceptions.get(package["name"])}):
            faults.append(f"{name}: its licence `{license or 'none'}` is not among those that deny.toml allows")
        if source and not source.startswith(("registry+", "sparse+")):
            faults.append(f"{name}: it comes from {source}, which is no registry")
    print("\n".join(faults) if faults else f"{len(packages)} packages: every licence and source is allowed")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
