"""Holds README.md to what is so: readme.py [port of a server with the sample world]

The commands of its `console` blocks are run one after the other by one shell, against the server, and what they print is what
stands below them: `…` stands for anything, and lines of what runs side by side may come in any order. What else it has of
operations must fit the server's schema. Its listing of Examples/Hello is the whole of those files.
"""
import os
import re
import subprocess
import sys
import tempfile
import urllib.request

from graphql import build_schema, parse, print_ast, validate
from graphql.language import DocumentNode, OperationDefinitionNode

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
END = "=== end of the block ==="


def blocks(text):
    """The commands of each block, and the lines they are to print."""
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S):
        commands, wanted = [], []
        for line in block.splitlines():
            (commands if line[:2] in ("$ ", "> ") else wanted).append(line)
        yield [command[2:] for command in commands], [line for line in wanted if line.strip()]


def operations(text):
    """The operations that are shown and not run, each as it would be sent."""
    shown = re.findall(r"^```graphql\n(.*?)^```$", text, re.M | re.S)
    shown += [re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"^    (?:query|mutation|subscription)\b.*\n(?:    .*\n)*", text, re.M)]
    for block in shown:
        for definition in parse(block).definitions:
            if isinstance(definition, OperationDefinitionNode):
                yield DocumentNode(definitions=(definition,))


def pattern(line):
    return re.compile(".*".join(re.escape(part) for part in line.split("…")))


def main():
    port = sys.argv[1]
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    faults = []
    for name in ["Package.swift", "schema.graphql", "Sources/Hello/Hello.swift"]:
        with open(os.path.join(ROOT, "Examples", "Hello", name), encoding="utf-8") as file:
            if file.read().rstrip("\n") not in readme:
                faults.append(f"README.md does not show Examples/Hello/{name} as it is")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/schema.graphql") as answer:
        schema = build_schema(answer.read().decode())
    shown = list(operations(readme))
    if len(shown) < 4:
        faults.append("README.md shows no operations any more")
    faults += [f"{print_ast(one)}\n  {fault.message}" for one in shown for fault in validate(schema, one)]
    found = list(blocks(readme))
    if len(found) < 3:
        faults.append("README.md has no question, mutation and subscription any more")
    script = "".join("\n".join(commands) + f"\nwait; echo; echo '{END}'\n" for commands, _ in found)
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(["bash", "-c", script.replace("127.0.0.1:8080", f"127.0.0.1:{port}")], cwd=folder, capture_output=True, text=True)
    if run.stderr:
        faults.append(f"the commands complain: {run.stderr}")
    for (commands, wanted), printed in zip(found, run.stdout.split(END)):
        rest = [line for line in printed.splitlines() if line.strip()]
        for line in wanted:
            match = next((one for one in rest if pattern(line).fullmatch(one)), None)
            if match is None:
                faults.append(f"{commands[-1]}\n  does not print: {line}\n  but: {rest}")
            else:
                rest.remove(match)
        if rest and wanted:
            faults.append(f"{commands[-1]}\n  prints too: {rest}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"README.md: {len(found)} blocks, {len(shown)} operations, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
