import GraphQLEngine
import PostgresClient

/// How one listener hears an event about a message: from whoever was told first, if that is no different for them.
///
/// What is told is taken to be different for each listener once somebody asks who listens (`becomesPersonal`), or asks the
/// request for anything. The one thing that is known better are people: all see them alike, but for themselves.
///
/// `@unchecked Sendable`: confined to its loop.
final class Hearing: AnswerSharing, @unchecked Sendable {
    private let answers: EventAnswers
    private let listener: UUID
    private var isFirst = false
    private var isPersonal = false
    private var people: Set<UUID> = []

    init(_ event: SharedRoomEvent, by listener: UUID) {
        answers = event.answers
        self.listener = listener
    }

    func becomesPersonal() { isPersonal = true }

    func shows(_ person: UUID) { people.insert(person) }

    func knownAnswer(for key: SharedAnswerKey, in context: ExecutionContext) async -> Response? {
        guard let context = context as? RequestContext else { return nil }
        switch await answers.find(key, for: listener) {
        case .known(let response): return response
        case .none: break
        case .first: isFirst = true
        }
        // Who is there was asked to admit them.
        context.forgetsQuestions()
        return nil
    }

    func executed(_ answer: Response?, for key: SharedAnswerKey, in context: ExecutionContext) {
        guard isFirst else { return }
        guard let answer, !isPersonal, let context = context as? RequestContext, !context.wasAsked else {
            return answers.settle(key, .personal)
        }
        // What one of these people is told is theirs alone; somebody else has to be told first.
        answers.settle(key, people.contains(listener) ? nil : .common(answer, people: people))
    }
}

/// What was told of an event, by what was asked for.
///
/// `@unchecked Sendable`: confined to its loop.
final class EventAnswers: @unchecked Sendable {
    enum Outcome {
        /// All are told the same but these people, who are in it.
        case common(Response, people: Set<UUID>)
        /// Each is told something else.
        case personal
    }

    enum Finding {
        case known(Response)
        /// Whoever asks is told first, and says what that came to.
        case first
        /// Whoever asks has to be told by themselves.
        case none
    }

    private let weight: SharedWeight
    private var outcomes: [SharedAnswerKey: Outcome] = [:]
    /// Those who wait for the first, while one is being told.
    private var waiting: [SharedAnswerKey: [UnsafeContinuation<Void, Never>]] = [:]

    init(_ weight: SharedWeight) { self.weight = weight }

    func find(_ key: SharedAnswerKey, for listener: UUID) async -> Finding {
        while true {
            switch outcomes[key] {
            case .common(let response, let people):
                if people.contains(listener) { return .none }
                weight.noteRepetition()
                return .known(response)
            case .personal: return .none
            case nil:
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return .first
                }
                await withUnsafeContinuation { waiting[key]?.append($0) }
            }
        }
    }

    /// - Parameter outcome: nil where it is not known yet, and another has to be told first.
    func settle(_ key: SharedAnswerKey, _ outcome: Outcome?) {
        outcomes[key] = outcome
        if case .common(let response, _) = outcome { weight.add(response.body.withBytes { $0.count }) }
        for one in waiting.removeValue(forKey: key) ?? [] { one.resume() }
    }
}
