/// The one value of a root field, of the schema's own scalars: in the column itself, and written without looking for its type.
enum SoleLeaf: LeafColumn {
    case text(String)
    case integer(Int32)
    case number(Double)
    case boolean(Bool)

    func gathering(_ indices: [Int]) -> any LeafColumn {
        switch self {
        case .text(let value): Leaves(values: indices.map { _ in value })
        case .integer(let value): Leaves(values: indices.map { _ in value })
        case .number(let value): Leaves(values: indices.map { _ in value })
        case .boolean(let value): Leaves(values: indices.map { _ in value })
        }
    }

    func write(_ index: Int, to buffer: inout ResponseBuffer) {
        switch self {
        case .text(let value): value.write(to: &buffer)
        case .integer(let value): value.write(to: &buffer)
        case .number(let value): value.write(to: &buffer)
        case .boolean(let value): value.write(to: &buffer)
        }
    }
}

/// What a root field of the schema's own scalars answers once. Overloads of the general initialiser, which takes any shape
/// apart at run time: more than such a field needs for all else.
extension FieldColumn {
    public init(_ value: String, as shape: Leaf<String>.Type) { self.init(sole: .text(value)) }
    public init(_ value: Int32, as shape: Leaf<Int32>.Type) { self.init(sole: .integer(value)) }
    public init(_ value: Bool, as shape: Leaf<Bool>.Type) { self.init(sole: .boolean(value)) }

    public init(_ value: Double, as shape: Leaf<Double>.Type) {
        if value.isFinite {
            self.init(sole: .number(value))
        } else {
            self.init(error: UnrepresentableValue(), count: 1)
        }
    }

    public init(_ value: String?, as shape: Maybe<Leaf<String>>.Type) {
        if let value { self.init(sole: .text(value)) } else { self.init(sole: nil) }
    }

    public init(_ value: Int32?, as shape: Maybe<Leaf<Int32>>.Type) {
        if let value { self.init(sole: .integer(value)) } else { self.init(sole: nil) }
    }

    public init(_ value: Bool?, as shape: Maybe<Leaf<Bool>>.Type) {
        if let value { self.init(sole: .boolean(value)) } else { self.init(sole: nil) }
    }

    private init(sole leaf: SoleLeaf?) {
        cells = leaf == nil ? Self.nullCell : Self.valueCell
        lists = []
        errors = []
        mayHoldNulls = leaf == nil
        values = .leaves(leaf ?? .boolean(false))
    }

    private static let valueCell: [Cell] = [Cell(rawValue: 0)]
    private static let nullCell: [Cell] = [Cell(rawValue: -1)]
}
