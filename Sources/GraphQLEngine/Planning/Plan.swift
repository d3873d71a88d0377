import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// An operation compiled: everything that can be decided before the variables are known, and the values of the
/// Booleans that `@skip` and `@include` ask for, which are part of a plan's key.
///
/// A plan never touches the syntax tree again, but for the nodes of arguments that hold variables and for the
/// locations of errors.
public final class Plan: Sendable {
    let document: Document
    /// The operation definition's node.
    let operation: Document.Index
    let operationType: OperationType
    let root: Selection
    /// All response keys of the plan as they are written, one behind the other.
    let keys: [UInt8]
    let storedFields: [StoredFields.Field]
    /// How many resolved steps the plan has, over all selections.
    let stepCount: Int
    /// The steps whose fields take arguments, over all selections.
    let stepsWithArguments: [Step]
    /// The steps whose lists are streamed, over all selections.
    let streamedSteps: [Step]
    /// Whether the operation has no variables, so that its introspection fields answer the same each time.
    var isConstant: Bool { document.child(.variableDefinition, of: operation) == nil }
    /// How large the next response is expected to be; 0 as long as there was none.
    let expectedBytes = Atomic<Int>(0)
    /// About what the plan weighs, with the answers it keeps.
    var bytes: Int { ownBytes + keptBytes.load(ordering: .relaxed) }
    private let ownBytes: Int
    private let keptBytes = Atomic<Int>(0)
    /// The document the plan is of; nil when nobody keeps it any more.
    private weak let prepared: PreparedDocument?

    init(
        document: Document,
        operation: Document.Index,
        root: Selection,
        keys: [UInt8],
        storedFields: [StoredFields.Field],
        stepCount: Int,
        selectionCount: Int,
        stepsWithArguments: [Step],
        streamedSteps: [Step],
        of prepared: PreparedDocument? = nil
    ) {
        self.prepared = prepared
        ownBytes =
            1_024 + keys.count + storedFields.count * MemoryLayout<StoredFields.Field>.stride + stepCount * 512
            + selectionCount * 384
        self.document = document
        self.operation = operation
        self.operationType = document[operation].operation
        self.root = root
        self.keys = keys
        self.storedFields = storedFields
        self.stepCount = stepCount
        self.stepsWithArguments = stepsWithArguments
        self.streamedSteps = streamedSteps
    }

    /// How large the response of a run will be: as large as the last one was, or by a guess.
    func expectedBytes(of run: SelectionRun) -> Int {
        let last = expectedBytes.load(ordering: .relaxed)
        return last > 0 ? last : run.expectedBytes + 512
    }

    /// Keeps the answer of an introspection field for the executions that follow.
    func keep(_ bytes: [UInt8], of step: Step) {
        guard step.keep(bytes) else { return }
        keptBytes.add(bytes.count, ordering: .relaxed)
        prepared?.grow(by: bytes.count)
    }
}

/// The fields selected on one concrete type, merged, in the order of the response.
final class Selection: Sendable {
    let type: TypeID
    let entries: [Entry]
    /// The resolved fields among the entries.
    let steps: [Step]
    /// The stored fields among the entries whose values may have no JSON form.
    let checks: [Check]
    /// What else is selected, but comes later; nil nearly always.
    let deferral: Deferral?
    /// Whether anything in here, however deep, comes later than the selection.
    let holdsLater: Bool
    /// What an object takes in the response, by a generous guess, without the objects in it.
    let expectedBytes: Int

    init(
        type: TypeID,
        entries: [Entry],
        steps: [Step],
        checks: [Check],
        deferral: Deferral? = nil,
        expectedBytes: Int = 64
    ) {
        self.expectedBytes = expectedBytes
        self.type = type
        self.entries = entries
        self.steps = steps
        self.checks = checks
        self.deferral = deferral
        holdsLater = deferral != nil || steps.contains { $0.stream != nil || $0.children?.holdsLater == true }
    }

    struct Check: Sendable {
        let field: Int
        let type: TypeReference
        let responseKey: String
        let nodes: [Document.Index]
        /// The field's place among all fields of the selection.
        let order: Int
    }

    /// The place of a step's field among all fields of the selection.
    func order(ofStep step: Int) -> Int { steps[step].order }

    enum Entry: Sendable {
        /// Stored fields that stand side by side: a range of the plan's.
        case stored(Range<Int>)
        /// The type's name, key and all: a range of the plan's keys.
        case typeName(Range<Int>)
        /// A resolved field: the number of a step.
        case step(Int)
    }
}

/// A resolved field of a selection.
final class Step: Sendable {
    /// The step's number in its plan.
    let id: Int
    /// The field's number in its type; meta fields have numbers of their own.
    let field: Int
    let parentType: TypeID
    let type: TypeReference
    /// The field's place among all fields of its selection.
    let order: Int
    /// The response key, for paths.
    let responseKey: String
    /// The key as it is written: a range of the plan's keys.
    let key: Range<Int>
    /// The fields of the document that were merged into this one, in order.
    let nodes: [Document.Index]
    /// What is selected on the field's values; nil for leaves.
    let children: Children?
    /// How the field's list is streamed; nil nearly always.
    let stream: StreamUsage?
    /// What is asked before the field is answered.
    let guards: [FieldGuard]
    /// Whether the field is a property of its parents: such fields are steps only where they have guards.
    let isStored: Bool
    /// The answer of an introspection field without variables, which is the same each time: written once, then copied.
    let rendered = Mutex<[UInt8]?>(nil)

    init(
        id: Int,
        field: Int,
        parentType: TypeID,
        type: TypeReference,
        order: Int,
        responseKey: String,
        key: Range<Int>,
        nodes: [Document.Index],
        children: Children?,
        stream: StreamUsage? = nil,
        guards: [FieldGuard] = [],
        isStored: Bool = false
    ) {
        self.id = id
        self.field = field
        self.parentType = parentType
        self.type = type
        self.order = order
        self.responseKey = responseKey
        self.key = key
        self.nodes = nodes
        self.children = children
        self.stream = stream
        self.guards = guards
        self.isStored = isStored
    }
}

/// The selections of a field's values, one for each concrete type they may have.
final class Children: Sendable {
    let selections: [TypeID: Selection]
    /// Whether anything in here comes later than the values.
    let holdsLater: Bool

    init(selections: [TypeID: Selection]) {
        self.selections = selections
        holdsLater = selections.values.contains(where: \.holdsLater)
    }
}

extension Step {
    /// The same step with other children.
    func with(children: Children?, stream: StreamUsage?) -> Step {
        Step(
            id: id,
            field: field,
            parentType: parentType,
            type: type,
            order: order,
            responseKey: responseKey,
            key: key,
            nodes: nodes,
            children: children,
            stream: stream,
            guards: guards,
            isStored: isStored
        )
    }

    /// `__schema` and `__type` have no place among the fields of the query type.
    static let schemaField = -1
    static let typeField = -2
}
