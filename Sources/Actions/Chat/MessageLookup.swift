package import Data
internal import PostgresClient

/// Looks for words in the messages that somebody sees.
package struct MessageLookup {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func run(_ filter: MessageFilter, _ page: PageRequest) async throws -> Page<MessageRow> {
        let count = work.services.options.searchesPerMinute
        try await work.services.identity.limit("message_search", by: work.user.description, count, perSeconds: 60)
        let sought = MessageFilter(
            text: ComposedText.sought(filter.text),
            room: filter.room,
            group: filter.group,
            author: filter.author
        )
        return try await work.services.database.session.messages(sought, visibleTo: work.user, page)
    }
}
