import Testing

@testable import Markup

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("plain", "<p>plain</p>\n"),
        ("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>\n"),
        ("`let x = <T>`", "<p><code>let x = &lt;T&gt;</code></p>\n"),
        (
            "```swift\nlet x: [Int]\n```",
            "<pre><code class=\"language-swift\">let x: [Int]\n</code></pre>\n"
        ),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("3. three", "<ol start=\"3\">\n<li>three</li>\n</ol>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("", ""),
    ])
    func `marks become elements`(text: String, html: String) { #expect(Markdown.html(of: text) == html) }

    @Test func `what looks like a tag can be read`() {
        #expect(Markdown.html(of: "an Array<Int>") == "<p>an Array&lt;Int&gt;</p>\n")
        #expect(Markdown.html(of: "<!-- why --> not") == "<p>&lt;!-- why --&gt; not\n</p>\n")
        #expect(Markdown.html(of: "<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n")
    }

    @Test func `elements that shape text are taken as they are`() {
        #expect(
            Markdown.html(of: "press <kbd onclick=x()>Enter</kbd>, H<sub>2</sub>O")
                == "<p>press <kbd>Enter</kbd>, H<sub>2</sub>O</p>\n"
        )
    }

    @Test func `an element that is not closed ends with its paragraph`() {
        #expect(Markdown.html(of: "a <b>bold\n\nnext") == "<p>a <b>bold</b></p>\n<p>next</p>\n")
    }

    @Test func `links lead to the web and to mail, and to nothing else`() {
        #expect(
            Markdown.html(of: "[x](https://example.org/?a=1&b=2)")
                == "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\">x</a></p>\n"
        )
        #expect(Markdown.html(of: "<me@example.org>").contains("href=\"mailto:me@example.org\""))
        for address in [
            "javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "vbscript:x", "//evil", "file:///etc",
        ] {
            #expect(Markdown.html(of: "[x](\(address))") == "<p><a>x</a></p>\n", "\(address)")
        }
    }

    @Test func `addresses in text are links, those in code are not`() {
        let rel = "rel=\"nofollow noopener noreferrer\""
        #expect(
            Markdown.html(of: "(see https://example.org/a_(b), or not)")
                == "<p>(see <a href=\"https://example.org/a_(b)\" \(rel)>https://example.org/a_(b)</a>, or not)</p>\n"
        )
        #expect(Markdown.html(of: "`https://example.org`") == "<p><code>https://example.org</code></p>\n")
        #expect(
            Markdown.html(of: "xhttps://example.org http:// https") == "<p>xhttps://example.org http:// https</p>\n"
        )
    }

    @Test func `a picture from elsewhere becomes a link`() {
        let rel = "rel=\"nofollow noopener noreferrer\""
        #expect(
            Markdown.html(of: "![the *cat*](https://example.org/c.png)")
                == "<p><a href=\"https://example.org/c.png\" \(rel)>the <em>cat</em></a></p>\n"
        )
        #expect(
            Markdown.html(of: "![](https://example.org/c.png)")
                == "<p><a href=\"https://example.org/c.png\" \(rel)>https://example.org/c.png</a></p>\n"
        )
    }

    /// Inputs that are dear for parsers of Markdown or HTML, or for ours, as long as a message may be.
    @Test(arguments: [
        "[", "![", "[a](", "*a_ ", "> ", "- ", "`", "<b>", "<b ", "</b>", "**a", "[a]:", "&#x41;", "https://a)", "http",
        "http://\u{7f}", "<a href=", "<!--", "\\", "a**b", "*a **b", "![[]()", "<https://", "<table>", "| ", "\n> - ",
        "<td><li><p>", "<a b='", "_a_*",
    ])
    func `no message takes long`(pattern: String) {
        let text = String(repeating: pattern, count: 20_000 / pattern.utf8.count)
        let took = ContinuousClock().measure { _ = Markdown.html(of: text) }
        #expect(took < .milliseconds(500), "\(pattern): \(took)")
    }
}
