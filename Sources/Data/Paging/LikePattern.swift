/// What `ILIKE` takes to find a text that has another as a part, in which no character has a meaning.
enum LikePattern {
    static func containing(_ text: String) -> String {
        "%" + text.reduce(into: "") { $0 += "\\%_".contains($1) ? "\\\($1)" : String($1) } + "%"
    }
}
