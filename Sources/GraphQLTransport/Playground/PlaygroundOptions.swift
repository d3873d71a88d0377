public import GraphQLSchema

/// The page that browsers find where programs find GraphQL.
public struct PlaygroundOptions: Sendable {
    /// Reads the page's files from this folder for every request and not from the binary: for work on the page itself.
    /// Files are read on the loop, so this is not for servers that have other work.
    public var developmentFolder: String?
    /// People whom anybody may be here with one click: everyone who gets the page is told how.
    public var signIn: PlaygroundSignIn?
    /// Tells the plan of a statement that a trace named, line by line; nil of the others. What it throws is
    /// told as what a resolver throws.
    public var plan: (@Sendable (_ name: String) async throws -> [String]?)?

    /// The path at which mails are told that were sent, such as `/dev/mails`, for people who work on the server.
    public var mails: String?

    public init() {}
}

/// How the page signs in as one of the people of a sample world: by an operation of the schema like everybody else.
public struct PlaygroundSignIn: Sendable {
    /// The operation, and where in its data the token for the header `authorization` is.
    public let document: String
    public let tokenPath: [String]
    /// What ends the session of a token.
    public let ending: String
    public let people: [Person]

    public struct Person: Sendable {
        public let name: String
        /// What tells them apart, such as what they may do.
        public let note: String
        /// Of the operation.
        public let variables: Value

        public init(name: String, note: String, variables: Value) {
            self.name = name
            self.note = note
            self.variables = variables
        }
    }

    public init(document: String, tokenPath: [String], ending: String, people: [Person]) {
        self.document = document
        self.tokenPath = tokenPath
        self.ending = ending
        self.people = people
    }
}
