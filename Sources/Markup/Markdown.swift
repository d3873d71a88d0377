internal import CCMark

/// Text with the marks of CommonMark as HTML that is safe to insert. HTML in the text is kept as far as the policy of HTML
/// knows it; what else looks like a tag is text, so that `Array<Int>` can be read.
package enum Markdown {
    package static func html(of text: String) -> String {
        var source = text
        let document = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                cmark_parse_document(text.baseAddress, text.count, CMARK_OPT_DEFAULT)
            }
        }
        guard let document else { return "" }
        defer { cmark_node_free(document) }
        for node in nodes(of: document) { replace(node) }
        // Whatever the text held goes through the sanitizer, so that nothing needs to be left out here.
        guard let html = cmark_render_html(document, CMARK_OPT_HARDBREAKS | CMARK_OPT_UNSAFE) else { return "" }
        defer { cmark_get_default_mem_allocator().pointee.free(html) }
        return HTMLSanitizer.sanitize(String(cString: html), linking: true)
    }

    /// Those that are not taken as they are, found before any of them is changed.
    private static func nodes(of document: OpaquePointer) -> [OpaquePointer] {
        guard let iterator = cmark_iter_new(document) else { return [] }
        defer { cmark_iter_free(iterator) }
        var found: [OpaquePointer] = []
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return found }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
            switch cmark_node_get_type(node) {
            case CMARK_NODE_HTML_BLOCK, CMARK_NODE_HTML_INLINE, CMARK_NODE_IMAGE: found.append(node)
            default: break
            }
        }
    }

    private static func replace(_ node: OpaquePointer) {
        let type = cmark_node_get_type(node)
        if type == CMARK_NODE_IMAGE {
            replaceImage(node)
        } else if let literal = cmark_node_get_literal(node), !isKnownTag(String(cString: literal)) {
            guard let text = cmark_node_new(CMARK_NODE_TEXT) else { return }
            cmark_node_set_literal(text, literal)
            var replacement = text
            if type == CMARK_NODE_HTML_BLOCK, let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH) {
                cmark_node_append_child(paragraph, text)
                replacement = paragraph
            }
            cmark_node_replace(node, replacement)
            cmark_node_free(node)
        }
    }

    /// A picture from elsewhere would tell its place who reads: it becomes a link.
    private static func replaceImage(_ image: OpaquePointer) {
        guard let link = cmark_node_new(CMARK_NODE_LINK) else { return }
        cmark_node_set_url(link, cmark_node_get_url(image))
        cmark_node_set_title(link, cmark_node_get_title(image))
        while let child = cmark_node_first_child(image) { cmark_node_append_child(link, child) }
        if cmark_node_first_child(link) == nil, let text = cmark_node_new(CMARK_NODE_TEXT) {
            cmark_node_set_literal(text, cmark_node_get_url(image))
            cmark_node_append_child(link, text)
        }
        cmark_node_replace(image, link)
        cmark_node_free(image)
    }

    /// `<b>`, `</b>`, `<table class="x">`, but not `<Int>`, `<!-- -->` or `<?php`.
    private static func isKnownTag(_ html: String) -> Bool {
        var tag = Substring(html).drop { $0.isWhitespace }
        guard tag.first == "<" else { return false }
        tag.removeFirst()
        if tag.first == "/" { tag.removeFirst() }
        let name = tag.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return HTMLPolicy.elements[name.lowercased()] != nil
    }
}
