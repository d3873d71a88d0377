/// The words a name is put together from: `userHTTPCreate` is `user`, `HTTP`, `Create`.
struct Words {
    let words: [Substring]

    init(_ name: String) {
        var words: [Substring] = []
        var start = name.startIndex
        var index = start
        while index < name.endIndex {
            let next = name.index(after: index)
            let isStart =
                name[index].isUppercase && index > start
                && (!name[name.index(before: index)].isUppercase || next < name.endIndex && name[next].isLowercase)
            if isStart {
                words.append(name[start..<index])
                start = index
            }
            index = next
        }
        if start < name.endIndex { words.append(name[start...]) }
        self.words = words
    }

    var first: String { words.first?.lowercased() ?? "" }
    var last: String { words.last?.lowercased() ?? "" }
}
