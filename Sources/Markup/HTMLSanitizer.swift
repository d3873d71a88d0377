internal import CLibXML

/// Makes HTML of strangers safe to insert into a page: it is parsed, and what the policy knows is written anew. Nothing of
/// the text itself reaches the result, so no trick of writing does; and as no element is left whose content browsers read by
/// other rules, they see the tree that was checked.
package enum HTMLSanitizer {
    /// Deeper elements are left out, their text stays.
    static let maximumDepth = 64

    package static func sanitize(_ html: String) -> String { sanitize(html, linking: false) }

    /// `linking` makes links of addresses in the text, too.
    static func sanitize(_ html: String, linking: Bool) -> String {
        _ = initialized
        // Text that stands in no element would be given a paragraph.
        var source = "<div>\(html.utf8.contains(0) ? html.filter { $0 != "\0" } : html)"
        let length = source.utf8.count
        guard length <= Int(Int32.max), let context = htmlNewParserCtxt() else { return "" }
        defer { htmlFreeParserCtxt(context) }
        let options =
            HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_NONET.rawValue | HTML_PARSE_COMPACT.rawValue
        let document = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                htmlCtxtReadMemory(context, text.baseAddress, Int32(text.count), nil, "UTF-8", Int32(options))
            }
        }
        defer { xmlFreeDoc(document) }
        // The parser gives up where elements stand some hundred deep in one another: that is no text of people.
        let gaveUp = context.pointee.disableSAX != 0
        var walk = HTMLWalk(isLinking: linking)
        guard !gaveUp, let document, let root = xmlDocGetRootElement(document) else {
            walk.writer.text(html)
            return walk.writer.html
        }
        walk.run(from: root)
        return walk.writer.html
    }

    private static let initialized: Void = xmlInitParser()
}

/// The way through a parsed tree, without recursion.
private struct HTMLWalk {
    private enum Step {
        case visit(UnsafeMutablePointer<xmlNode>)
        case close(String)
    }

    let isLinking: Bool
    var writer = HTMLWriter()
    private var steps: [Step] = []
    private var depth = 0
    private var openLinks = 0
    private var openCode = 0

    init(isLinking: Bool) { self.isLinking = isLinking }

    mutating func run(from root: UnsafeMutablePointer<xmlNode>) {
        steps.append(.visit(root))
        while let step = steps.popLast() {
            switch step {
            case .visit(let node): visit(node)
            case .close(let element):
                writer.close(element)
                depth -= 1
                count(element, -1)
            }
        }
    }

    private mutating func visit(_ node: UnsafeMutablePointer<xmlNode>) {
        switch node.pointee.type {
        case XML_TEXT_NODE:
            let text = Self.string(node.pointee.content)
            if isLinking, openLinks == 0, openCode == 0 { writer.textWithLinks(text) } else { writer.text(text) }
        case XML_ELEMENT_NODE:
            let element = Self.string(node.pointee.name).lowercased()
            guard !HTMLPolicy.dropped.contains(element) else { return }
            open(element, node)
        default:
            // Comments, sections, instructions, declarations: nothing that is read.
            return
        }
    }

    private mutating func open(_ element: String, _ node: UnsafeMutablePointer<xmlNode>) {
        let isNestedLink = element == "a" && openLinks > 0
        if let rules = HTMLPolicy.elements[element], depth < HTMLSanitizer.maximumDepth, !isNestedLink {
            writer.open(element, attributes(of: node, element, rules))
            if HTMLPolicy.empty.contains(element) { return }
            depth += 1
            count(element, 1)
            steps.append(.close(element))
        }
        var children: [Step] = []
        var child = node.pointee.children
        while let next = child {
            children.append(.visit(next))
            child = next.pointee.next
        }
        steps += children.reversed()
    }

    private func attributes(
        of node: UnsafeMutablePointer<xmlNode>,
        _ element: String,
        _ rules: [String: HTMLPolicy.Rule]
    ) -> [(name: String, value: String)] {
        guard !rules.isEmpty else { return [] }
        var kept: [(name: String, value: String)] = []
        var attribute = node.pointee.properties
        while let next = attribute {
            attribute = next.pointee.next
            let name = Self.string(next.pointee.name).lowercased()
            guard let rule = rules[name], !kept.contains(where: { $0.name == name }) else { continue }
            let value = Self.text(of: next)
            if let value = HTMLPolicy.allowed(value, rule) { kept.append((name, value)) }
        }
        if kept.contains(where: { $0.name == "href" }) { kept.append(HTMLWriter.untrusted) }
        return kept
    }

    private mutating func count(_ element: String, _ step: Int) {
        switch element {
        case "a": openLinks += step
        case "code", "pre": openCode += step
        default: break
        }
    }

    /// The value of an attribute: libxml2 keeps it as texts one after the other.
    private static func text(of attribute: UnsafeMutablePointer<xmlAttr>) -> String {
        var value = ""
        var part = attribute.pointee.children
        while let next = part {
            if next.pointee.type == XML_TEXT_NODE { value += string(next.pointee.content) }
            part = next.pointee.next
        }
        return value
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}
