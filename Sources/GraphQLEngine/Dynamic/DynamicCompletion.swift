import GraphQLSchema

/// Holds dynamic data against the type of its field, and files it into a column.
///
/// https://spec.graphql.org/September2025/#CompleteValue(), with the messages of graphql-js.
struct DynamicCompletion {
    private let schema: PlannableSchema
    private let coordinate: String
    private var collector = Collector()
    private var leaves: [DynamicLeaf] = []
    private var objects: [[DynamicObject]] = []
    private var partitions: [TypeID: Int32] = [:]
    private var types: [TypeID] = []
    private var indices: [CompositeIndex] = []

    init(_ schema: PlannableSchema, coordinate: String) {
        self.schema = schema
        self.coordinate = coordinate
    }

    consuming func column(_ values: [DynamicValue], _ type: TypeReference) -> FieldColumn {
        for value in values {
            let cell = cell(value, type, depth: 0)
            collector.cells.append(cell)
        }
        let isLeaf = schema.schema[type.type].isLeaf
        return FieldColumn(
            cells: collector.cells,
            lists: collector.lists,
            errors: collector.errors,
            mayHoldNulls: collector.mayHoldNulls,
            values: isLeaf
                ? .leaves(Leaves(values: leaves))
                : .objects(
                    zip(objects, types).map { DynamicColumn($0, type: $1, in: schema) },
                    indices
                )
        )
    }

    private mutating func cell(_ value: DynamicValue, _ type: TypeReference, depth: Int) -> FieldColumn.Cell {
        switch value {
        case .error(let error): return collector.add(error)
        case .leaf(.null): return collector.addNull()
        case .resolver: preconditionFailure("dynamic values are complete when they are filed")
        case .leaf(.list(let elements)) where type.isList:
            return list(elements.map(DynamicValue.leaf), type, depth: depth)
        case .list(let elements) where type.isList:
            return list(elements, type, depth: depth)
        default:
            break
        }
        if type.isList {
            return collector.add(
                GraphQLError("Expected Iterable, but did not find one for field \"\(coordinate)\".")
            )
        }
        if schema.schema[type.type].isLeaf { return leaf(value, type.type) }
        return object(value, type.type)
    }

    private mutating func list(_ elements: [DynamicValue], _ type: TypeReference, depth: Int) -> FieldColumn.Cell {
        collector.open(depth)
        for element in elements {
            let cell = cell(element, type.element, depth: depth + 1)
            collector.append(cell, depth)
        }
        return collector.close(depth)
    }

    private mutating func leaf(_ value: DynamicValue, _ type: TypeID) -> FieldColumn.Cell {
        do throws(LeafRefusal) {
            leaves.append(DynamicLeaf(value: try schema.schema.coerceResult(value.plain, to: type)))
            return .value(leaves.count - 1)
        } catch {
            return collector.add(GraphQLError(error.message))
        }
    }

    private mutating func object(_ value: DynamicValue, _ declared: TypeID) -> FieldColumn.Cell {
        let object: DynamicObject
        switch value {
        case .object(let value): object = value
        default: object = DynamicObject(fields: [:])
        }
        do {
            let type = try concreteType(of: object, declared)
            let partition: Int32
            if let known = partitions[type] {
                partition = known
            } else {
                partition = Int32(objects.count)
                partitions[type] = partition
                types.append(type)
                objects.append([])
            }
            indices.append(CompositeIndex(partition: partition, row: Int32(objects[Int(partition)].count)))
            objects[Int(partition)].append(object)
            return .value(indices.count - 1)
        } catch {
            return collector.add(error)
        }
    }

    /// https://spec.graphql.org/September2025/#ResolveAbstractType()
    private func concreteType(of object: DynamicObject, _ declared: TypeID) throws -> TypeID {
        let abstract = schema.schema[declared]
        guard abstract.isAbstract else { return declared }
        switch object.typeName {
        case .error(let error): throw error
        case .unknown:
            throw GraphQLError(
                "Abstract type \"\(abstract.name)\" must resolve to an Object type at runtime for field "
                    + "\"\(coordinate)\". Either the \"\(abstract.name)\" type should provide a \"resolveType\" "
                    + "function or each possible type should provide an \"isTypeOf\" function."
            )
        case .name(let name):
            guard let type = schema.schema.type(named: name) else {
                throw GraphQLError(
                    "Abstract type \"\(abstract.name)\" was resolved to a type \"\(name)\" that does not exist "
                        + "inside the schema."
                )
            }
            guard schema.schema[type].kind == .object else {
                throw GraphQLError(
                    "Abstract type \"\(abstract.name)\" was resolved to a non-object type \"\(name)\"."
                )
            }
            guard schema.contains(type, in: declared) else {
                throw GraphQLError(
                    "Runtime Object type \"\(name)\" is not a possible type for \"\(abstract.name)\"."
                )
            }
            return type
        }
    }
}

/// A leaf of a dynamic schema: a value that writes itself.
struct DynamicLeaf: OutputLeaf {
    let value: Value

    func write(to buffer: inout ResponseBuffer) { buffer.write(value) }
}

extension DynamicValue {
    /// The data as a plain value; objects and lists included, for scalars that hold any JSON.
    var plain: Value {
        switch self {
        case .leaf(let value): value
        case .list(let elements): .list(elements.map(\.plain))
        case .object(let object):
            .object(object.fields.sorted { $0.key < $1.key }.map { Value.Field($0.key, $0.value.plain) })
        case .error, .resolver: .null
        }
    }
}
