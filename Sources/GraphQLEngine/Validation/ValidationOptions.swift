/// How a document is validated.
public struct ValidationOptions: Sendable {
    /// The rules, in the order in which their errors are listed where they concern the same place.
    public var rules: [ValidationRule]
    /// More errors than these are not reported; one more says so.
    public var maxErrors: Int
    /// Leaves out "Did you mean", which tells names of the schema to whoever guesses.
    public var hidesSuggestions: Bool
    /// How many pairs of fields may be compared to word the conflicts of a document. Whether there is any conflict is
    /// found without comparing pairs, with ten times as many steps.
    public var maxComparisons: Int

    public init(
        rules: [ValidationRule] = ValidationRule.specified,
        maxErrors: Int = 100,
        hidesSuggestions: Bool = false,
        maxComparisons: Int = 100_000
    ) {
        self.rules = rules
        self.maxErrors = max(0, maxErrors)
        self.hidesSuggestions = hidesSuggestions
        self.maxComparisons = max(0, maxComparisons)
    }
}
