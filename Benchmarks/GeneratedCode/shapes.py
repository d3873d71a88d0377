#!/usr/bin/env python3
"""Writes, by hand-made templates, what a generator could emit for synthetic.py's schema: shapes.py SHAPE FOLDER

Shapes are words joined by commas: `protocol` (a protocol and a conformance for each object type), and one of
`inline` (an async switch that awaits in each case), `closure` (a plain switch that returns an async closure),
`thunk` (an async switch that returns what one async function a field answers), `generic` (an async switch that
calls a generic runtime function with the resolver).
"""
import sys, os
from synthetic import MODULES, ENTITIES

shape = set(sys.argv[1].split(","))
folder = sys.argv[2]
os.makedirs(folder, exist_ok=True)


def fields_of(m, e):
    last = (m + MODULES - 1) % MODULES
    name, other = f"M{m:02}Thing{e}", f"M{last:02}Thing{e}"
    page = "first: Int32?", "after: String?"
    return [
        ("things0", f"M{m:02}Connection0", f"Object<M{m:02}Connection0Binding>", page),
        ("things1", f"M{m:02}Connection1", f"Object<M{m:02}Connection1Binding>", page),
        ("others", f"[{other}Row]", f"ListOf<Object<{other}Binding>>", ("first: Int32?", f"filter: M{m:02}Input1?")),
        ("parent", f"{other}Row?", f"Maybe<Object<{other}Binding>>", ()),
        ("owner", f"M{m:02}Thing{(e + 1) % ENTITIES}Row", f"Object<M{m:02}Thing{(e + 1) % ENTITIES}Binding>", ()),
        ("backup", f"M{m:02}Thing{(e + 2) % ENTITIES}Row?", f"Maybe<Object<M{m:02}Thing{(e + 2) % ENTITIES}Binding>>", ()),
        ("grid", f"[[{other}Row?]]", f"ListOf<ListOf<Maybe<Object<{other}Binding>>>>", ()),
        ("avatar", "String?", "Maybe<Leaf<String>>", ("size: Int32",)),
        ("outcome", f"M{m:02}Outcome?", f"Maybe<Object<M{m:02}OutcomeBinding>>", ()),
        ("named", f"M{m:02}Named", f"Object<M{m:02}NamedBinding>", ()),
    ]


STORED = [("id", "{n}ID"), ("name", "String"), ("status", "M{m:02}Status{s}"), ("score", "Double?"), ("count", "Int32"),
          ("isActive", "Bool"), ("labels", "[String]"), ("createdAt", "String")]


def cap(name): return name[0].upper() + name[1:]


def struct(out, name, properties, public="public "):
    out.append(f"{public}struct {name}: Sendable {{")
    for p in properties: out.append(f"    {public}var {p}")
    out.append(f"    {public}init({', '.join(properties)}) {{")
    for p in properties: out.append(f"        self.{p.split(':')[0]} = {p.split(':')[0]}")
    out.append("    }\n}")


def resolve(out, owner, binding, cases):
    """cases: (number, call, shape)"""
    if "inline" in shape:
        out.append(f"    static func resolve(_ field: Int, of parents: Batch<{owner}>, _ call: ResolverCall) async throws -> FieldColumn {{")
        out.append("        let context = call.context as! RequestContext")
        out.append("        switch field {")
        for number, call, result in cases:
            out.append(f"        case {number}: return FieldColumn(try await {call}, as: {result}.self)")
        out.append('        default: preconditionFailure()\n        }\n    }')
    if "closure" in shape:
        out.append(f"    static func resolver(_ field: Int, of parents: Batch<{owner}>, _ call: ResolverCall) -> () async throws -> FieldColumn {{")
        out.append("        let context = call.context as! RequestContext")
        out.append("        return switch field {")
        for number, call, result in cases:
            out.append(f"        case {number}: {{ FieldColumn(try await {call}, as: {result}.self) }}")
        out.append('        default: preconditionFailure()\n        }\n    }')
        out.append(f"    static func resolve(_ field: Int, of parents: Batch<{owner}>, _ call: ResolverCall) async throws -> FieldColumn {{ try await resolver(field, of: parents, call)() }}")
    if "thunk" in shape:
        for number, call, result in cases:
            out.append(f"    static func f{number}(_ parents: Batch<{owner}>, _ call: ResolverCall, _ context: RequestContext) async throws -> FieldColumn {{ FieldColumn(try await {call}, as: {result}.self) }}")
        out.append(f"    static func resolve(_ field: Int, of parents: Batch<{owner}>, _ call: ResolverCall) async throws -> FieldColumn {{")
        out.append("        let context = call.context as! RequestContext")
        out.append("        return switch field {")
        for number, call, result in cases:
            out.append(f"        case {number}: try await f{number}(parents, call, context)")
        out.append('        default: preconditionFailure()\n        }\n    }')


def types(m):
    out = []
    for e in range(ENTITIES):
        name = f"M{m:02}Thing{e}"
        out.append(f"public struct {name}ID: SchemaID {{\n    public let rawValue: String\n    public init(rawValue: String) {{ self.rawValue = rawValue }}\n}}")
        for field, _, _, args in fields_of(m, e):
            if args: struct(out, f"{name}{cap(field)}Arguments", args)
        struct(out, f"Query{cap(f'm{m:02}Thing{e}')}Arguments", (f"id: {name}ID",))
    for e in range(5): struct(out, f"Query{cap(f'm{m:02}Things{e}')}Arguments", ("first: Int32?", "after: String?", f"filter: M{m:02}Input1?"))
    for p in range(9): struct(out, f"Mutation{cap(f'm{m:02}Change{p}')}Arguments", (f"input: M{m:02}Input0",))
    struct(out, f"Subscription{cap(f'm{m:02}Changed')}Arguments", ("id: String",))
    struct(out, f"M{m:02}Input0", ("name: String", "note: InputValue<String>", f"status: InputValue<M{m:02}Status0>", "thingIds: InputValue<[String]>", f"nested: InputValue<M{m:02}Input1>"))
    struct(out, f"M{m:02}Input1", ("search: String?", "limit: Int32", f"status: [M{m:02}Status1]?"))
    out.append(f"public enum M{m:02}Input2: Sendable {{\n    case name(String)\n    case id(String)\n    case filter(M{m:02}Input1)\n}}")
    for n in range(3):
        out.append(f'public enum M{m:02}Status{n}: String, CaseIterable, Sendable {{\n    case active = "ACTIVE"\n    case suspended = "SUSPENDED"\n    case inReview = "IN_REVIEW"\n    case deleted = "DELETED"\n}}')
    return "\n".join(out) + "\n"


def decode(name, properties):
    names = [p.split(":")[0] for p in properties]
    lines = [f"extension {name}: InputObject {{", "    init?(_ fields: [Value.Field], _ decoder: inout InputDecoder) {"]
    for p in properties:
        n, t = p.split(": ")
        lines.append(f'        let {n} = decoder.decode({t}.self, "{n}", fields)')
    lines.append(f"        guard {', '.join('let ' + n for n in names)} else {{ return nil }}")
    lines.append(f"        self.init({', '.join(n + ': ' + n for n in names)})\n    }}\n}}")
    return "\n".join(lines)


def binding(m):
    out = ["public import GraphQLEngine", "import GraphQLSchema", "public import Types", ""]
    for e in range(ENTITIES):
        name = f"M{m:02}Thing{e}"
        row = name + "Row"
        out.append(f"extension {name}ID: OutputLeaf, InputLeaf {{}}")
        cases = []
        if "protocol" in shape: out.append(f"protocol {name}Object: Sendable {{")
        for p, t in STORED:
            if "protocol" in shape: out.append(f"    var {p}: {t.format(n=name, m=m, s=e % 3)} {{ get }}  // {name}.{p}")
        for i, (field, result, kind, args) in enumerate(fields_of(m, e)):
            struct_name = f"{name}{cap(field)}Arguments"
            a = f", _ arguments: {struct_name}" if args else ""
            if "protocol" in shape:
                out.append(f"    static func {field}(of parents: Batch<{row}>{a}, in context: RequestContext) async throws -> Results<{result}>  // {name}.{field}({', '.join(x.split(': ')[0] + ':' for x in args)})")
            cases.append((i + 8, f"{row}.{field}(of: parents{', call.arguments!.get()' if args else ''}, in: context)", kind))
        if "protocol" in shape: out.append(f"}}\nextension {row}: {name}Object {{}}")
        out.append(f"enum {name}Binding: ObjectBinding {{\n    typealias Value = {row}\n    static var typeName: String {{ \"{name}\" }}")
        out.append(f"    static func write(_ field: Int, of value: {row}, to buffer: inout ResponseBuffer) {{\n        switch field {{")
        for i, (p, _) in enumerate(STORED): out.append(f"        case {i}: value.{p}.write(to: &buffer)")
        out.append("        default: preconditionFailure()\n        }\n    }")
        resolve(out, row, name, cases)
        out.append("}")
        for field, _, _, args in fields_of(m, e):
            if args: out.append(decode(f"{name}{cap(field)}Arguments", args))
        out.append(decode(f"Query{cap(f'm{m:02}Thing{e}')}Arguments", (f"id: {name}ID",)))
    for e in range(5): out.append(decode(f"Query{cap(f'm{m:02}Things{e}')}Arguments", ("first: Int32?", "after: String?", f"filter: M{m:02}Input1?")))
    for p in range(9): out.append(decode(f"Mutation{cap(f'm{m:02}Change{p}')}Arguments", (f"input: M{m:02}Input0",)))
    out.append(decode(f"Subscription{cap(f'm{m:02}Changed')}Arguments", ("id: String",)))
    out.append(decode(f"M{m:02}Input0", ("name: String", "note: InputValue<String>", f"status: InputValue<M{m:02}Status0>", "thingIds: InputValue<[String]>", f"nested: InputValue<M{m:02}Input1>")))
    out.append(decode(f"M{m:02}Input1", ("search: String?", "limit: Int32", f"status: [M{m:02}Status1]?")))
    for n in range(3): out.append(f"extension M{m:02}Status{n}: OutputLeaf, InputLeaf {{}}")
    for c in range(2):
        for name, props, objects in (
            (f"M{m:02}Connection{c}", (f"edges: [M{m:02}Edge{c}]", "hasNextPage: Bool", "totalCount: Int32"), {0: f"ListOf<Object<M{m:02}Edge{c}Binding>>"}),
            (f"M{m:02}Edge{c}", ("cursor: String", f"node: M{m:02}Thing{c}Row"), {1: f"Object<M{m:02}Thing{c}Binding>"}),
        ): value_type(out, name, props, objects)
    for p in range(8): value_type(out, f"M{m:02}Change{p}Payload", (f"thing: M{m:02}Thing{p}Row?", "problems: [String]"), {0: f"Maybe<Object<M{m:02}Thing{p}Binding>>"})
    abstract(out, f"M{m:02}Named", [(f"M{m:02}Thing{e}", f"M{m:02}Thing{e}Row") for e in range(ENTITIES)])
    abstract(out, f"M{m:02}Outcome", [(f"M{m:02}Thing0", f"M{m:02}Thing0Row"), (f"M{m:02}Thing1", f"M{m:02}Thing1Row"), (f"M{m:02}Connection0", f"M{m:02}Connection0")])
    return "\n".join(out) + "\n"


def value_type(out, name, props, objects):
    struct(out, name, props, "")
    out.append(f"enum {name}Binding: ObjectBinding {{\n    typealias Value = {name}\n    static var typeName: String {{ \"{name}\" }}")
    out.append(f"    static func write(_ field: Int, of value: {name}, to buffer: inout ResponseBuffer) {{\n        switch field {{")
    for i, p in enumerate(props):
        if i not in objects: out.append(f"        case {i}: value.{p.split(':')[0]}.write(to: &buffer)")
    out.append("        default: preconditionFailure()\n        }\n    }")
    out.append(f"    static func resolve(_ field: Int, of parents: Batch<{name}>, _ call: ResolverCall) async throws -> FieldColumn {{\n        switch field {{")
    for i, kind in objects.items():
        out.append(f"        case {i}: return FieldColumn(parents.results {{ $0.{props[i].split(':')[0]} }}, as: {kind}.self)")
    out.append("        default: preconditionFailure()\n        }\n    }\n}")


def abstract(out, name, members):
    out.append(f"enum {name}: Sendable {{")
    for t, v in members: out.append(f"    case {t[0].lower() + t[1:]}({v})")
    out.append(f"}}\nenum {name}Binding: CompositeBinding {{\n    struct Storage {{")
    for i, (t, v) in enumerate(members): out.append(f"        var c{i}: [{v}] = []")
    out.append("    }\n    static func makeStorage() -> Storage { Storage() }")
    out.append(f"    static func append(_ value: {name}, to storage: inout Storage) -> CompositeIndex {{\n        switch value {{")
    for i, (t, v) in enumerate(members): out.append(f"        case .{t[0].lower() + t[1:]}(let row): storage.c{i}.append(row); return CompositeIndex(partition: {i}, row: Int32(storage.c{i}.count - 1))")
    out.append("        }\n    }\n    static func columns(_ storage: Storage) -> [ObjectColumn] { [")
    for i, (t, v) in enumerate(members): out.append(f"        Objects<{t}Binding>(storage.c{i}),")
    out.append("    ] }\n}")


def roots():
    out = ["public import GraphQLEngine", "import Types"]
    for kind in ("Query", "Mutation"):
        cases = []
        number = 0
        out.append(f"public struct {kind}Root: Sendable {{}}")
        if "protocol" in shape: out.append(f"protocol {kind}Object: Sendable {{")
        for m in range(MODULES):
            fields = [(f"m{m:02}Thing{e}", f"M{m:02}Thing{e}Row?", f"Maybe<Object<M{m:02}Thing{e}Binding>>") for e in range(ENTITIES)] + [(f"m{m:02}Things{e}", f"[M{m:02}Thing{e}Row]", f"ListOf<Object<M{m:02}Thing{e}Binding>>") for e in range(5)]
            if kind == "Mutation": fields = [(f"m{m:02}Change{p}", f"M{m:02}Change{p % 8}Payload?", f"Maybe<Object<M{m:02}Change{p % 8}PayloadBinding>>") for p in range(9)]
            for f, result, s in fields:
                if "protocol" in shape: out.append(f"    static func {f}(_ arguments: {kind}{cap(f)}Arguments, in context: RequestContext) async throws -> {result}  // {kind}.{f}(input:)")
                cases.append((number, f"{kind}Root.{f}(call.arguments!.get(), in: context)", s))
                number += 1
        if "protocol" in shape: out.append(f"}}\nextension {kind}Root: {kind}Object {{}}")
        out.append(f"enum {kind}Binding: ObjectBinding {{\n    typealias Value = {kind}Root\n    static var typeName: String {{ \"{kind}\" }}")
        out.append(f"    static func write(_ field: Int, of value: {kind}Root, to buffer: inout ResponseBuffer) {{}}")
        resolve(out, kind + "Root", kind, cases)
        out.append("}")
    out.append("public struct SubscriptionRoot {}")
    return "\n".join(out) + "\n"


RUNTIME = """public import GraphQLEngine
public import GraphQLSchema
public import Types
public protocol InputLeaf { static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? }
protocol InputObject: InputLeaf { init?(_ fields: [Value.Field], _ decoder: inout InputDecoder) }
extension InputObject { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { guard case .object(let f) = value else { return nil }; return Self(f, &decoder) } }
extension InputLeaf where Self: RawRepresentable<String> { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { if case .string(let s) = value { Self(rawValue: s) } else { nil } } }
extension OutputLeaf where Self: RawRepresentable<String> { public func write(to buffer: inout ResponseBuffer) { buffer.write(rawValue) } }
extension String: InputLeaf { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { nil } }
extension Int32: InputLeaf { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { nil } }
extension Optional: InputLeaf where Wrapped: InputLeaf { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { Wrapped.decode(value, &decoder).map(Optional.some) } }
extension Array: InputLeaf where Element: InputLeaf { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { nil } }
extension InputValue: InputLeaf where T: InputLeaf { public static func decode(_ value: Value, _ decoder: inout InputDecoder) -> Self? { nil } }
extension InputDecoder { mutating func decode<T: InputLeaf>(_ type: T.Type, _ name: String, _ fields: [Value.Field]) -> T? { for f in fields where f.name == name { return T.decode(f.value, &self) }; return nil } }
"""
TRUNTIME = """public protocol SchemaID: RawRepresentable<String>, Hashable, Sendable { init(rawValue: String) }
public enum InputValue<T: Sendable>: Sendable { case absent, null, value(T) }
"""
OUT = """import GraphQLEngine
extension Optional: OutputLeaf where Wrapped: OutputLeaf { public func write(to buffer: inout ResponseBuffer) { if let self { self.write(to: &buffer) } else { buffer.writeNull() } } }
extension Array: OutputLeaf where Element: OutputLeaf { public func write(to buffer: inout ResponseBuffer) { for e in self { e.write(to: &buffer) } } }
"""

os.makedirs(f"{folder}/types", exist_ok=True)
os.makedirs(f"{folder}/binding", exist_ok=True)
for m in range(MODULES):
    open(f"{folder}/types/M{m:02}.swift", "w").write(types(m))
    open(f"{folder}/binding/M{m:02}.swift", "w").write(binding(m))
open(f"{folder}/types/Runtime.swift", "w").write(TRUNTIME)
open(f"{folder}/binding/Runtime.swift", "w").write(RUNTIME + OUT.split("\n", 1)[1])
open(f"{folder}/binding/Roots.swift", "w").write(roots())
