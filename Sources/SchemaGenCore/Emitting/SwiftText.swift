/// Swift source that is being written: lines, indented by the blocks they stand in.
struct SwiftText {
    private(set) var text = ""
    private var depth = 0

    var isEmpty: Bool { text.isEmpty }

    mutating func line(_ line: String) {
        // One tab for a level: indentation is the largest part of deep code, and nobody edits this.
        for _ in 0..<depth { text += "\t" }
        text += line
        text += "\n"
    }

    mutating func block(_ opening: String, _ body: (inout SwiftText) -> Void) {
        line(opening + " {")
        depth += 1
        body(&self)
        depth -= 1
        line("}")
    }
}
