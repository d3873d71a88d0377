import Glibc
import GraphQLSchema
import Testing

@Suite struct TextPatternTests {
    private func isFound(_ pattern: String, _ text: String) throws -> Bool {
        try TextPattern(pattern).isFound(in: text)
    }

    /// Why a text is no pattern.
    private func fault(of pattern: String) -> String? {
        do throws(TextPattern.Fault) { _ = try TextPattern(pattern) } catch { return error.reason }
        return nil
    }

    @Test(arguments: [
        ("", "", true), ("", "abc", true), ("b", "abc", true), ("d", "abc", false), ("bc", "abc", true),
        ("^b", "abc", false), ("^a", "abc", true), ("c$", "abc", true), ("b$", "abc", false), ("^abc$", "abc", true),
        ("^abc$", "abcd", false), ("^$", "", true), ("^$", "a", false), ("$", "abc", true), ("^", "abc", true),
        ("a^b", "ab", false), ("a$b", "ab", false), ("^^a$$", "a", true), ("^a\n$", "a\n", true), ("^a$", "a\n", false),
    ])
    func `a pattern is found anywhere, unless it says where`(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(arguments: [
        ("^a*$", "", true), ("^a*$", "aaa", true), ("^a*$", "ab", false), ("^a+$", "", false), ("^a+$", "aa", true),
        ("^a?$", "", true), ("^a?$", "aa", false), ("^a{2}$", "a", false), ("^a{2}$", "aa", true),
        ("^a{2}$", "aaa", false), ("^a{2,}$", "a", false), ("^a{2,}$", "aaaaa", true), ("^a{1,3}$", "aaa", true),
        ("^a{1,3}$", "aaaa", false), ("^a{0}$", "", true), ("^a{0}$", "a", false), ("^a{0,0}b$", "b", true),
        ("^(ab){2}$", "abab", true), ("^(ab){2}$", "abb", false), ("^(?:a|bc)+$", "abca", true),
        ("^(?:a|bc)+$", "abcb", false), ("^(a*)*$", "aaa", true), ("^(a*)+b$", "aaab", true), ("^(|a)+$", "aa", true),
        ("^(a|)$", "", true), ("^()$", "", true), ("^(){3}$", "", true), ("^(^a$)*$", "", true), ("a|b|c", "xcx", true),
        ("^a|b$", "ax", true), ("^a|b$", "xb", true), ("^a|b$", "xax", false), ("|", "", true),
        // As little as can be is found where as much as can be is.
        ("^a+?$", "", false), ("^a+?$", "aaa", true), ("^a*?b$", "aab", true), ("^a??$", "a", true),
        ("^a{2,3}?$", "aaa", true), ("^a{2}?$", "a", false),
    ])
    func `repetitions, groups and choices`(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(arguments: [
        ("^[abc]+$", "cab", true), ("^[abc]+$", "cad", false), ("^[a-f0-9]+$", "0af9", true), ("^[a-f]+$", "g", false),
        ("^[^a-f]+$", "xyz", true), ("^[^a-f]+$", "xaz", false), ("^[-a]+$", "a-", true), ("^[a-]+$", "a-", true),
        ("^[a\\-z]+$", "a-z", true), ("^[a\\-z]+$", "m", false), ("^[\\]\\\\^]+$", "]\\^", true), ("^[.]$", "x", false),
        ("^[\\d_]+$", "1_2", true), ("^[\\w-]+$", "a-1", true), ("^[\\s]+$", " \t", true),
        ("^[(|*+?{}$]+$", "(|*+?{}$", true),
        ("^\\d+$", "0123456789", true), ("^\\d$", "a", false), ("^\\D$", "a", true), ("^\\w+$", "aZ_9", true),
        ("^\\w$", "-", false), ("^\\W$", "-", true), ("^\\s+$", " \t\n\u{B}\u{C}\r\u{A0}\u{3000}\u{FEFF}", true),
        ("^\\S$", "\u{2009}", false), ("^.$", "\n", false), ("^.$", "\u{2028}", false), ("^.$", "a", true),
    ])
    func `classes`(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(arguments: [
        ("^\\.\\*\\(\\)\\[\\]\\{\\}\\^\\$\\|\\?\\+\\/\\-$", ".*()[]{}^$|?+/-", true), ("^\\.$", "a", false),
        ("^\\n\\r\\t\\v\\f$", "\n\r\t\u{B}\u{C}", true), ("^\\x41\\u00e9\\u{1F600}$", "A\u{E9}\u{1F600}", true),
        ("^[\\x00-\\x1f]$", "\u{7}", true), ("^[\\u{10FFFF}]$", "\u{10FFFF}", true),
    ])
    func `escapes`(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(arguments: [
        ("^.$", "\u{1F600}", true), ("^..$", "e\u{301}", true), ("^.$", "e\u{301}", false), ("é", "caf\u{E9}", true),
        ("^[а-я]+$", "привет", true), ("^[а-я]+$", "privet", false), ("^[^a]$", "\u{10FFFF}", true),
        ("^[\u{1F600}-\u{1F64F}]+$", "\u{1F601}\u{1F602}", true), ("^\\w+$", "é", false),
    ])
    func `a place is a Unicode scalar`(pattern: String, text: String, found: Bool) throws {
        #expect(try isFound(pattern, text) == found)
    }

    @Test(arguments: [
        ("(", "a \"(\" has no \")\""), (")", "a \")\" has no \"(\""), ("a)", "a \")\" has no \"(\""),
        ("[", "a \"[\" has no \"]\""), ("[a", "a \"[\" has no \"]\""), ("[a-", "a \"[\" has no \"]\""),
        ("[]", "a class is empty; write \"\\]\" for the bracket itself"),
        ("[^]", "a class is empty; write \"\\]\" for the bracket itself"),
        ("[z-a]", "a range of a class has no beginning or end"),
        ("[\\d-z]", "a range of a class has no beginning or end"),
        ("[a-\\d]", "a range of a class has no beginning or end"),
        ("[\\D]", "an opposite such as \"\\D\" cannot stand in a class"),
        ("*", "a \"*\" stands where it means nothing; write \"\\*\""),
        ("a|+", "a \"+\" stands where it means nothing; write \"\\+\""),
        ("{2}", "a \"{\" stands where it means nothing; write \"\\{\""),
        ("]", "a \"]\" stands where it means nothing; write \"\\]\""),
        ("a{", "a \"{\" has no count behind it; write \"\\{\" for the brace itself"),
        ("a{,2}", "a \"{\" has no count behind it; write \"\\{\" for the brace itself"),
        ("a{2", "a \"{\" has no \"}\""), ("a{2,1}", "a count ends below its beginning"),
        ("a{2001}", "a count is larger than 2000"), ("a{99999999999999999999}", "a count is larger than 2000"),
        ("a**", "a repetition is repeated; put it in \"(?:\" and \")\""),
        ("a{2}{3}", "a repetition is repeated; put it in \"(?:\" and \")\""),
        ("a+??", "a repetition is repeated; put it in \"(?:\" and \")\""),
        ("^*", "the beginning or the end of a text cannot be repeated"),
        ("(?=a)", "of groups that begin with \"?\" only \"(?:\" is known"),
        ("(?<n>a)", "of groups that begin with \"?\" only \"(?:\" is known"),
        ("\\", "a \"\\\" stands at its end"), ("\\1", "the escape \"\\1\" is not known"),
        ("\\b", "the escape \"\\b\" is not known"), ("\\p{L}", "the escape \"\\p\" is not known"),
        ("\\x4", "an escape of a scalar by its number has no such number behind it"),
        ("\\uD800", "an escape of a scalar by its number has no such number behind it"),
        ("\\u{}", "an escape of a scalar by its number has no such number behind it"),
        ("\\u{110000}", "an escape of a scalar by its number has no such number behind it"),
        ("\\u{41", "a \"{\" has no \"}\""),
    ])
    func `what is no pattern is refused with its reason`(pattern: String, reason: String) {
        #expect(fault(of: pattern) == reason)
    }

    @Test(arguments: [
        "a{2000}", "(a{100}){100}", "((((a{9}){9}){9}){9}){9}", "(?:(?:(){2000}){2000}){2000}",
        "(?:(?:(?:){0,2000}){0,2000}){0,2000}", String(repeating: "a", count: 3_000),
        String(repeating: "a|", count: 3_000),
    ])
    func `a pattern that would grow without bound is refused at once`(_ pattern: String) {
        #expect(fault(of: pattern) == "it has more than 2000 places")
    }

    @Test func `groups nest so deep and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try isFound(nested(99), "a"))
        #expect(fault(of: nested(100_000)) == "its groups nest too deeply")
    }

    /// Patterns that take matchers that go back a time exponential in the text.
    @Test(arguments: [
        "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "^(a?){50}a{50}b$",
        "[ab]*[ab]*[ab]*c", "a{0,200}b",
    ])
    func `a long text is searched in linear time`(_ pattern: String) throws {
        let compiled = try TextPattern(pattern)
        // The thread's own time, and the best of some: other tests run beside this one.
        func seconds(_ length: Int) -> Double {
            let text = String(repeating: "a", count: length) + "!"
            return (0..<3).map { _ in
                let start = threadSeconds
                #expect(!compiled.isFound(in: text))
                return threadSeconds - start
            }.min() ?? 0
        }
        // Eight times as long may take thirty times as long; squared it would be 64.
        #expect(seconds(1 << 12) < 30 * seconds(1 << 9))
    }

    @Test func `a text that cannot fit any more is not read to its end`() throws {
        let pattern = try TextPattern("^[a-z]{1,50}$")
        let text = String(repeating: "a", count: 64 << 20)
        let start = threadSeconds
        #expect(!pattern.isFound(in: text))
        #expect(threadSeconds - start < 0.05)
    }

    private var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
