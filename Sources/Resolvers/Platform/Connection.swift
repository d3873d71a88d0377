import Data
import GraphQLEngine

/// A page of a list as clients see it: the model of all connection types of the schema, as `Edge` is of their edges.
///
/// Edges, cursors and the page's ends are made when they are selected; `totalCount` is asked for when it is, once for all
/// connections that one resolver has answered.
struct Connection<Node: Sendable>: Sendable {
    let page: Page<Node>
    private let totals: TotalCounts?
    /// Which of the counts is its own.
    private let place: Int

    var nodes: [Node] { page.rows }
    var edges: [Edge<Node>] { page.rows.indices.map { Edge(page: page, index: $0) } }
    var pageInfo: PageInfo { PageInfo(page) }

    /// `count` is for connections with a field `totalCount`.
    init(_ page: Page<Node>, count: (@Sendable () async throws -> Int)? = nil) {
        self.page = page
        totals = count.map { count in TotalCounts { [try await count()] } }
        place = 0
    }

    private init(_ page: Page<Node>, _ totals: TotalCounts?, place: Int) {
        self.page = page
        self.totals = totals
        self.place = place
    }

    /// The connections of many parents; `counts` answers in the same order.
    static func all(
        _ pages: [Page<Node>],
        counts: (@Sendable () async throws -> [Int])? = nil
    ) -> [Connection] {
        let totals = counts.map(TotalCounts.init)
        return pages.enumerated().map { Connection($1, totals, place: $0) }
    }

    static func totalCount(of parents: Batch<Connection>, in context: RequestContext) async throws -> Results<Int32> {
        var counted: [ObjectIdentifier: [Int]] = [:]
        for parent in parents {
            guard let totals = parent.totals, counted[ObjectIdentifier(totals)] == nil else { continue }
            counted[ObjectIdentifier(totals)] = try await totals.count()
        }
        return parents.results { parent in
            guard let totals = parent.totals, let counts = counted[ObjectIdentifier(totals)],
                counts.indices.contains(parent.place)
            else { throw UncountedConnection() }
            return Int32(clamping: counts[parent.place])
        }
    }
}

/// One place of a list: what stands there, and its cursor.
struct Edge<Node: Sendable>: Sendable {
    fileprivate let page: Page<Node>
    fileprivate let index: Int

    var node: Node { page.rows[index] }
    var cursor: String { page.cursor(at: index) }
}

extension PageInfo {
    init(_ page: Page<some Sendable>) {
        let ends = page.rows.isEmpty ? nil : (page.cursor(at: 0), page.cursor(at: page.rows.count - 1))
        self.init(
            hasNextPage: page.hasNext,
            hasPreviousPage: page.hasPrevious,
            startCursor: ends?.0,
            endCursor: ends?.1
        )
    }
}

/// The counts of the connections that one resolver has answered.
private final class TotalCounts: Sendable {
    let count: @Sendable () async throws -> [Int]
    init(_ count: @escaping @Sendable () async throws -> [Int]) { self.count = count }
}

/// A schema has `totalCount` where its resolver says nothing of it.
struct UncountedConnection: Error {}
