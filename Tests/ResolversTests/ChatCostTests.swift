import GraphQLEngine
import GraphQLSchema
import Resolvers
import Testing

/// What the pages of a chat are estimated to cost, by the schema's own sizes and weights and the standard limit.
@Suite struct ChatCostTests {
    private static let engine = Result { try Engine.application() }
    private let limit = OperationLimits().points

    private func points(_ document: String) throws -> Double {
        let context = RequestContext(LoadingContext(), ServerParts(ServerFacts(version: "1.2.3") { 1_000 }))
        let request = Request(document: Array(document.utf8))
        guard case .ready(let prepared) = try Self.engine.get().prepare(request, in: context) else {
            throw GraphQLError("The document is refused.")
        }
        return try #require(try Self.engine.get().estimate(prepared).cost).points
    }

    private func page(_ first: Int, _ fields: String) -> String {
        """
        { room(id: "room_00000000000000000000000000") { title messages(first: \(first)) {
            nodes { id seq body createdAt \(fields) } pageInfo { hasNextPage endCursor }
        } } }
        """
    }

    private let usual = """
        author { id displayName }
        replyTo { id body author { displayName } }
        reactions { emoji count viewerHasReacted }
        attachments { caption file { filename } }
        """

    @Test func `a page of messages with all that is usual costs less than half of what an operation may`() throws {
        #expect(try points(page(50, usual)) == 403)
        #expect(try points(page(50, usual + " bodyHtml mentions { displayName } thread { replyCount }")) < limit)
    }

    @Test func `the longest page is let in, too`() throws {
        #expect(try points(page(100, usual)) == 803)
    }

    @Test(arguments: [
        // Each message with those it answers, and all that hangs on them.
        "replyTo { reactions { count } attachments { file { id } } replyTo { reactions { count } attachments { file { id } } } }",
        "replies(first: 100) { nodes { body } }",
        "room { messages(first: 50) { nodes { body } } }",
        "a: reactions { count } b: reactions { count } c: reactions { count } d: reactions { count } attachments { file { id } }",
        "threadRoot { replies(first: 20) { nodes { author { id } } } }", "revisions { body }",
        "reactions { users(first: 1) { nodes { id } } }",
    ])
    func `what multiplies is refused`(fields: String) throws {
        #expect(try points(page(100, fields)) > limit)
    }
}
