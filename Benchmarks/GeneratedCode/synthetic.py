#!/usr/bin/env python3
"""Prints a schema of 600 types and 2,500 resolved fields in 20 modules: synthetic.py > schema.graphql

synthetic.py --stubs BINDINGS FOLDER writes the Swift a developer would for the generated bindings.
"""
import os, re, sys

MODULES = 20
ENTITIES = 10


def schema():
    out = []
    say = out.append
    for m in range(MODULES):
        say(f"# == module: M{m:02}")
        last = (m + MODULES - 1) % MODULES
        root = "type" if m == 0 else "extend type"
        for e in range(ENTITIES):
            name, other = f"M{m:02}Thing{e}", f"M{last:02}Thing{e}"
            say(f'"""What module {m} knows as thing {e}: an entity with a row of its own."""')
            say(f'type {name} implements M{m:02}Named @model(type: "{name}Row") {{')
            say("  id: ID!")
            say("  name: String!")
            say('  """How it stands at the moment."""')
            say(f"  status: M{m:02}Status{e % 3}!")
            say("  score: Float")
            say("  count: Int!")
            say("  isActive: Boolean!")
            say("  labels: [String!]!")
            say("  createdAt: String!")
            for c in range(2):
                say(f"  things{c}(first: Int = 20, after: String): M{m:02}Connection{c}!")
            say(f"  others(first: Int = 20, filter: M{m:02}Input1): [{other}!]!")
            say('  """The one it belongs to, if any."""')
            say(f"  parent: {other}")
            say(f"  owner: M{m:02}Thing{(e + 1) % ENTITIES}!")
            say(f"  backup: M{m:02}Thing{(e + 2) % ENTITIES}")
            say(f"  grid: [[{other}]!]!")
            say("  avatar(size: Int! = 64): String")
            say(f"  outcome: M{m:02}Outcome")
            say(f"  named: M{m:02}Named!")
            say("}")
        for c in range(2):
            say(f"type M{m:02}Connection{c} {{ edges: [M{m:02}Edge{c}!]! hasNextPage: Boolean! totalCount: Int! }}")
            say(f"type M{m:02}Edge{c} {{ cursor: String! node: M{m:02}Thing{c}! }}")
        for p in range(8):
            say(f"type M{m:02}Change{p}Payload {{ thing: M{m:02}Thing{p} problems: [String!]! }}")
        say(f"input M{m:02}Input0 {{ name: String! note: String status: M{m:02}Status0 thingIds: [ID!] nested: M{m:02}Input1 }}")
        say(f"input M{m:02}Input1 {{ search: String limit: Int! = 10 status: [M{m:02}Status1!] }}")
        say(f"input M{m:02}Input2 @oneOf {{ name: String id: ID filter: M{m:02}Input1 }}")
        for n in range(3):
            say(f"enum M{m:02}Status{n} {{ ACTIVE SUSPENDED IN_REVIEW DELETED }}")
        say(f"interface M{m:02}Named {{ id: ID! name: String! }}")
        say(f"union M{m:02}Outcome = M{m:02}Thing0 | M{m:02}Thing1 | M{m:02}Connection0")
        say(f"{root} Query {{")
        for e in range(ENTITIES):
            say(f"  m{m:02}Thing{e}(id: ID!): M{m:02}Thing{e}")
        for e in range(5):
            say(f'  """All that the viewer may see."""')
            say(f"  m{m:02}Things{e}(first: Int = 20, after: String, filter: M{m:02}Input1): [M{m:02}Thing{e}!]!")
        say("}")
        say(f"{root} Mutation {{")
        for p in range(9):
            say(f"  m{m:02}Change{p}(input: M{m:02}Input0!): M{m:02}Change{p % 8}Payload")
        say("}")
        say(f"{root} Subscription {{ m{m:02}Changed(id: ID!): M{m:02}Thing0! }}")
    return "\n".join(out) + "\n"


def stubs(generated, folder):
    """The Swift a developer would write: models and resolvers, for every requirement of the generated protocols."""
    os.makedirs(folder, exist_ok=True)
    out = ["import GraphQLEngine", "", "struct NotLoaded: Error {}", ""]
    conformances = dict()
    text = open(generated, encoding="utf-8").read()
    for value, protocol in re.findall(r"^extension (\w+): (\w+Object) {}", text, re.M):
        conformances[protocol] = value
    for protocol, body in re.findall(r"^protocol (\w+Object): Sendable {\n(.*?)^}", text, re.M | re.S):
        value = conformances[protocol]
        if value.endswith("Row"):
            out.append(f"struct {value}: Sendable {{")
            out += [f"    var {name}: {kind}" for name, kind in re.findall(r"    var (\w+): (.*?) { get }", body)]
            out.append("}")
        events = dict(re.findall(r"associatedtype (\w+): AsyncSequence where \w+\.Element == (.*)", body))
        out.append(f"extension {value} {{")
        for signature in re.findall(r"    (static func .*?)  // ", body):
            signature = signature.replace("Batch<Self>", f"Batch<{value}>")
            for name, element in events.items():
                signature = signature.replace(f"-> {name}", f"-> AsyncStream<{element}>")
            out.append(f"    {signature} {{ throw NotLoaded() }}")
        out.append("}")
    out.append("final class RequestContext: ExecutionContext, @unchecked Sendable {}")
    with open(f"{folder}/Stubs.swift", "w", encoding="utf-8") as file: file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--stubs": stubs(sys.argv[2], sys.argv[3])
    else: sys.stdout.write(schema())
