import GraphQLSchema

/// A part of a response that comes later, as the client is told of it.
class PendingPart {
    let label: String?
    /// The row in whose object the part is.
    let run: SelectionRun
    let row: Int
    /// Keeps the runs above `run` alive, which it does not.
    let root: SelectionRun
    /// What the part is called in the response; it has a name when the client is told of it.
    var id: Int?
    /// Whether the client was told of it and not yet that it is complete.
    var isOpen = false

    init(label: String?, _ run: SelectionRun, row: Int, root: SelectionRun) {
        self.label = label
        self.run = run
        self.row = row
        self.root = root
    }

    /// Where the part belongs in the response.
    private(set) lazy var path = makePath()

    fileprivate func makePath() -> [GraphQLError.PathElement] { run.path(ofRow: row) }
}

/// What one `@defer` deferred of one object: all groups of fields that it wants, and whatever stands inside.
final class DeferredFragment: PendingPart {
    /// The graph keeps all fragments alive.
    unowned let parent: DeferredFragment?
    /// The groups this fragment wants, itself or with others.
    var groups: [DeferredGroup] = []
    /// How many of them are not there yet.
    var openGroups = 0
    /// Those that are there and were not delivered with another fragment.
    var results: [GroupResult] = []
    /// What the client is told of when this fragment is complete.
    var children: [PendingPart] = []
    /// Whether the fragment is among the children of its parent, or of the response.
    var isListed = false

    init(_ usage: DeferUsage, parent: DeferredFragment?, _ run: SelectionRun, row: Int, root: SelectionRun) {
        self.parent = parent
        super.init(label: usage.label, run, row: row, root: root)
    }

    /// Lets go of what refers back to it.
    func forget() { (groups, results, children) = ([], [], []) }
}

/// The items of one list that come later.
final class StreamedList: PendingPart {
    let stream: StreamUsage
    let batch: LaterBatch
    /// Which of the batch's lists it is.
    let list: Int
    /// The list's place among all groups and lists that were started.
    var number = 0

    init(_ stream: StreamUsage, _ batch: LaterBatch, row: Int, list: Int) {
        self.stream = stream
        self.batch = batch
        self.list = list
        super.init(label: stream.label, batch.run, row: row, root: batch.root)
    }

    override func makePath() -> [GraphQLError.PathElement] {
        super.makePath() + [.key(stream.items.steps[0].responseKey)]
    }
}

/// Fields of one object that the same fragments deferred.
final class DeferredGroup {
    let batch: LaterBatch
    let row: Int
    let fragments: [DeferredFragment]
    /// All fragments that what is selected in the group may stand in, by the numbers of their usages.
    let known: [Int: DeferredFragment]
    /// The group's place among all groups and lists that were started; nil as long as it is not.
    var number: Int?
    /// Why the group failed.
    var failure: [GraphQLError]?

    init(_ batch: LaterBatch, row: Int, _ fragments: [DeferredFragment], known: [Int: DeferredFragment]) {
        self.batch = batch
        self.row = row
        self.fragments = fragments
        self.known = known
    }
}

/// A group that was executed.
final class GroupResult {
    let group: DeferredGroup
    /// The members `data` and `errors` as they are written.
    let members: [UInt8]
    let hasErrors: Bool
    var isDelivered = false

    init(_ group: DeferredGroup, members: [UInt8], hasErrors: Bool) {
        self.group = group
        self.hasErrors = hasErrors
        self.members = members
    }
}

/// What comes later of all objects of a run: it is executed for all of them at once.
final class LaterBatch {
    enum Kind {
        case group(Deferral.Group)
        case stream(step: Int, StreamedRest)
    }

    let kind: Kind
    let run: SelectionRun
    let root: SelectionRun
    /// What the client waits for and is not running yet.
    var waiting: [LaterPart] = []

    init(_ kind: Kind, _ run: SelectionRun, root: SelectionRun) {
        self.kind = kind
        self.run = run
        self.root = root
    }
}

enum LaterPart {
    case group(DeferredGroup)
    case list(StreamedList)
}
