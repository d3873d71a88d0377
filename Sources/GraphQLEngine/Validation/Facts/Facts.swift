import GraphQLLanguage
import GraphQLSchema

/// What is known about a document against a schema: one walk finds it, every rule reads it.
///
/// Lists hold what the document holds, in its order. Positions in lists, nodes and numbers of the schema are 32-bit
/// integers; a negative number says that there is none. Types are positions in ``Schema/types``.
struct Facts: ~Copyable {
    let document: Document
    let index: SchemaIndex
    // Views of the document's arrays: facts live no longer than the call of `DocumentValidator.validate`.
    let nodes: UnsafeBufferPointer<Node>
    let text: UnsafeBufferPointer<UInt8>

    var names: DocumentNames
    var operations: [OperationFact] = []
    var fragments: [FragmentFact] = []
    var variableDefinitions: [VariableDefinitionFact] = []
    var fields: [FieldFact] = []
    var spreads: [SpreadFact] = []
    var inlineFragments: [InlineFragmentFact] = []
    var selectionSets: [SelectionSetFact] = []
    var directives: [DirectiveFact] = []
    var arguments: [ArgumentFact] = []
    var variableUses: [VariableUseFact] = []
    /// Literals, except those whose surroundings are wrong already.
    var values: [ValueFact] = []
    var objects: [Int32] = []
    var objectFields: [ObjectFieldFact] = []
    /// References to types the schema does not have.
    var unknownTypes: [TypeNameFact] = []
    /// Definitions of the type system, which have no place in an executable document.
    var typeSystemDefinitions: [Int32] = []
    /// By node: the position of a field, spread, inline fragment or object field in its list.
    var positions: [Int32]
    var graph = FragmentGraph()
    var variables = VariableAnalysis()

    init(
        _ document: Document,
        _ nodes: UnsafeBufferPointer<Node>,
        _ text: UnsafeBufferPointer<UInt8>,
        _ index: SchemaIndex
    ) {
        self.document = document
        self.nodes = nodes
        self.text = text
        self.index = index
        names = DocumentNames(text, expected: nodes.count, in: index.names)
        positions = Array(repeating: -1, count: nodes.count)
        fields.reserveCapacity(nodes.count / 2)
        selectionSets.reserveCapacity(nodes.count / 4)
        arguments.reserveCapacity(nodes.count / 4)
        values.reserveCapacity(nodes.count / 4)
        addDefinitions()
        resolveSpreads()
        graph = FragmentGraph(fragments, spreads)
        variables = VariableAnalysis(self)
    }
}

struct OperationFact {
    let node: Int32
    let name: NameID
    let kind: OperationType
    /// The root type, an object; -1 when the schema lacks it.
    let type: Int32
    var selectionSet: Int32 = 0
    var variables: Range<Int32>
    var uses: Range<Int32>
    var spreads: Range<Int32>
}

struct FragmentFact {
    let node: Int32
    let name: NameID
    /// The node of the type condition, and the type it names.
    let condition: Int32
    let conditionType: Int32
    /// The same type where it is composite.
    let type: Int32
    var selectionSet: Int32 = 0
    var uses: Range<Int32>
    var spreads: Range<Int32>
}

struct VariableDefinitionFact {
    let node: Int32
    let name: NameID
    let typeNode: Int32
    let type: TypeReference
    /// The node of the default; 0 for none.
    let defaultValue: Int32
}

struct FieldFact {
    let node: Int32
    let name: NameID
    /// What the field answers under: its alias, else its name.
    let key: NameID
    /// The composite type the field is selected on.
    let parent: Int32
    let definition: FieldID
    /// The node of the selection set; 0 for none.
    var selectionSet: Int32 = 0
    let firstArgument: Int32
    let endOfArguments: Int32

    var arguments: Range<Int> { Int(firstArgument)..<Int(endOfArguments) }
}

struct SpreadFact {
    let node: Int32
    let name: NameID
    let parent: Int32
    /// The last fragment of the name.
    var fragment: Int32 = -1
}

struct InlineFragmentFact {
    let node: Int32
    /// The node of the type condition, and the type it names; 0 for none.
    let condition: Int32
    let conditionType: Int32
    /// The composite type of the selections.
    let type: Int32
    let parent: Int32
}

struct SelectionSetFact {
    let node: Int32
    /// What has the selections: a field, an operation, a fragment, an inline fragment.
    let owner: Node.Kind
}

struct DirectiveFact {
    let node: Int32
    let name: NameID
    /// The directive's number in the schema.
    let definition: Int32
    /// The node that carries the directive.
    let host: Int32
    let location: DirectiveLocation
    /// The composite type around the host.
    let parent: Int32
    /// The field around or at the directive.
    let field: FieldID
    let firstArgument: Int32
    let endOfArguments: Int32

    var arguments: Range<Int> { Int(firstArgument)..<Int(endOfArguments) }
}

struct ArgumentFact {
    let node: Int32
    let name: NameID
    let definition: InputID

    /// The argument's only child.
    var value: Int32 { node + 1 }
}

struct VariableUseFact {
    let node: Int32
    let name: NameID
    /// What the position expects.
    let type: TypeReference
    /// What the object or list around the position expects.
    let parent: TypeReference
    let hasDefault: Bool
}

struct ValueFact {
    let node: Int32
    /// Whether the value is to be compared with the type; not so inside of a value that is wrong as a whole.
    let isChecked: Bool
    let type: TypeReference
}

struct ObjectFieldFact {
    let node: Int32
    let name: NameID
    /// The input object type around the field.
    let parent: Int32
    let definition: InputID
    let isChecked: Bool
}

struct TypeNameFact {
    let node: Int32
    let name: NameID
}
