import Testing

@testable import GraphQLTransport

@Suite(.timeLimit(.minutes(3))) struct MultipartMutationTests {
    private static let seeds: [String] = [
        "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--b\r\n"
            + "content-disposition: form-data; name=map\r\n\r\n{}\r\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\n"
            + "\r\n--\r\n-\r\r\n--a\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Transfer-Encoding: binary\r\n\r\n\r\n--b--epilogue",
    ]

    private static let nasty: [String] = [
        "\r", "\n", "\r\n", "\r\n\r\n", "--", "--b", "\r\n--b", "\r\n--b--", "\0", "\"", "\\", ";", "=", ":", " ",
    ]

    /// Changes a seed in up to four places, and cuts the result into pieces.
    @Test(arguments: 0..<4)
    func `a mutated form means the same however it is split`(worker: Int) {
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for _ in 0..<25_000 {
            var bytes = Array(Self.seeds.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1 where place < bytes.count: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                default:
                    let at = min(place, bytes.count)
                    bytes.insert(contentsOf: Self.nasty.randomElement(using: &random)!.utf8, at: at)
                }
            }
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(rest.count, 20), using: &random)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let whole = MultipartOutcome([bytes])
            let parts = MultipartOutcome(pieces)
            guard whole == parts else {
                Issue.record("\(pieces) gave \(parts), whole \(whole)")
                return
            }
            if whole.violation != nil { refused += 1 }
        }
        // Mutations that are all refused, or none, would test nothing.
        #expect(refused > 5_000 && refused < 24_000)
    }

    @Test func `every split of a form gives the same parts`() {
        for seed in Self.seeds {
            let bytes = Array(seed.utf8)
            let whole = MultipartOutcome([bytes])
            #expect(whole.violation == nil && !whole.parts.isEmpty)
            #expect(MultipartOutcome(bytes.map { [$0] }) == whole)
            for cut in bytes.indices {
                #expect(MultipartOutcome([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
            }
        }
    }

    @Test func `names are read as clients write them`() {
        func names(_ disposition: String) -> [String?] {
            let text = "--b\r\nContent-Disposition: \(disposition)\r\n\r\nx\r\n--b--"
            let head = MultipartOutcome([Array(text.utf8)], maximumHead: 1_000).parts.first?.head
            return [head?.name, head?.fileName]
        }
        #expect(names("form-data; name=a; filename=b.txt") == ["a", "b.txt"])
        #expect(names("Form-Data ;name = a") == [nil, nil])
        #expect(names(#"form-data; name="a b"; filename="c:\d \"e\".txt";"#) == ["a b", #"c:\d "e".txt"#])
        #expect(names(#"form-data; name="a"; filename="%22ü%0D.txt""#) == ["a", "%22ü%0D.txt"])
        #expect(names(#"form-data; name="a"; filename*=UTF-8''b.txt"#) == ["a", nil])
        #expect(names(#"form-data; name="""#) == [nil, nil])
        #expect(names(#"form-data; name="a" filename="b""#) == [nil, nil])
    }
}
