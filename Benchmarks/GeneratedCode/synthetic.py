#!/usr/bin/env python3
"""Prints a schema of 600 types and 2,500 resolved fields in 20 modules: synthetic.py > schema.graphql

With --stubs FOLDER it also writes the Swift a developer would: rows and resolvers, one file a module and kind.
"""
import sys, os

MODULES = 20
ENTITIES = 10


def schema():
    out = []
    say = out.append
    say('extend schema @binding(context: "RequestContext")')
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


def stubs(folder):
    os.makedirs(folder, exist_ok=True)
    for m in range(MODULES):
        last = (m + MODULES - 1) % MODULES
        rows, fields = [], ["import GraphQLEngine", ""]
        for e in range(ENTITIES):
            name, other = f"M{m:02}Thing{e}", f"M{last:02}Thing{e}"
            row = name + "Row"
            rows += [
                f"struct {row}: Sendable {{",
                f"    var id: {name}ID", "    var name: String", f"    var status: M{m:02}Status{e % 3}",
                "    var score: Double?", "    var count: Int32", "    var isActive: Bool",
                "    var labels: [String]", "    var createdAt: String", "}", "",
            ]
            fields.append(f"extension {row} {{")
            def resolver(field, result, arguments=None):
                a = f", _ arguments: {name}{field[0].upper()}{field[1:]}Arguments" if arguments else ""
                fields.append(f"    static func {field}(of parents: Batch<{row}>{a}, in context: RequestContext) async throws -> Results<{result}> {{")
                fields.append("        try await context.load()")
                fields.append("    }")
            for c in range(2): resolver(f"things{c}", f"M{m:02}Connection{c}", True)
            resolver("others", f"[{other}Row]", True)
            resolver("parent", f"{other}Row?")
            resolver("owner", f"M{m:02}Thing{(e + 1) % ENTITIES}Row")
            resolver("backup", f"M{m:02}Thing{(e + 2) % ENTITIES}Row?")
            resolver("grid", f"[[{other}Row?]]")
            resolver("avatar", "String?", True)
            resolver("outcome", f"M{m:02}Outcome?")
            resolver("named", f"M{m:02}Named")
            fields.append("}")
        fields.append("extension Query {")
        def root(field, result, kind):
            fields.append(f"    static func {field}(_ arguments: {kind}{field[0].upper()}{field[1:]}Arguments, in context: RequestContext) async throws -> {result} {{")
            fields.append("        try await context.loadOne()")
            fields.append("    }")
        for e in range(ENTITIES): root(f"m{m:02}Thing{e}", f"M{m:02}Thing{e}Row?", "Query")
        for e in range(5): root(f"m{m:02}Things{e}", f"[M{m:02}Thing{e}Row]", "Query")
        fields += ["}", "extension Mutation {"]
        for p in range(9): root(f"m{m:02}Change{p}", f"M{m:02}Change{p % 8}Payload?", "Mutation")
        fields += ["}", "extension Subscription {"]
        root(f"m{m:02}Changed", f"AsyncStream<M{m:02}Thing0Row>", "Subscription")
        fields.append("}")
        with open(f"{folder}/M{m:02}Rows.swift", "w") as file: file.write("\n".join(rows))
        with open(f"{folder}/M{m:02}Fields.swift", "w") as file: file.write("\n".join(fields) + "\n")
    with open(f"{folder}/RequestContext.swift", "w") as file:
        file.write("""import GraphQLEngine

struct NotLoaded: Error {}

final class RequestContext: ExecutionContext, @unchecked Sendable {
    func load<Value>() async throws -> Results<Value> { throw NotLoaded() }
    func loadOne<Value>() async throws -> Value { throw NotLoaded() }
}
""")


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--stubs": stubs(sys.argv[2])
    else: sys.stdout.write(schema())
