internal import CLibXML

/// What S3 says in XML, as far as it is asked for: the texts of its elements, by name.
struct S3Answer {
    struct Object: Equatable {
        let key: String
        /// `2013-05-24T00:00:00.000Z`
        let changedAt: String
    }

    private(set) var objects: [Object] = []
    private(set) var errorCode: String?
    private(set) var nextPage: String?
    /// The name of the outermost element.
    private(set) var kind = ""

    init(_ xml: [UInt8]) {
        _ = Self.initialized
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        let document = xml.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                xmlReadMemory(text.baseAddress, Int32(clamping: text.count), nil, nil, Int32(options))
            }
        }
        defer { xmlFreeDoc(document) }
        guard let document, let root = xmlDocGetRootElement(document) else { return }
        kind = Self.name(root)
        for child in Self.children(of: root) {
            switch Self.name(child) {
            case "Code": errorCode = Self.text(child)
            case "NextContinuationToken": nextPage = Self.text(child)
            case "Contents":
                let parts = Self.children(of: child).map { (Self.name($0), Self.text($0)) }
                let values = Dictionary(parts) { first, _ in first }
                if let key = values["Key"], let time = values["LastModified"] {
                    objects.append(Object(key: key, changedAt: time))
                }
            default: break
            }
        }
    }

    private static let initialized: Void = xmlInitParser()

    private static func children(of node: xmlNodePtr) -> [xmlNodePtr] {
        Array(sequence(first: node.pointee.children) { $0?.pointee.next }.prefix { $0 != nil }.compactMap { $0 })
            .filter { $0.pointee.type == XML_ELEMENT_NODE }
    }

    private static func name(_ node: xmlNodePtr) -> String { String(cString: node.pointee.name) }

    /// Of an element that has nothing but text.
    private static func text(_ node: xmlNodePtr) -> String {
        guard let child = node.pointee.children, child.pointee.type == XML_TEXT_NODE, let text = child.pointee.content
        else { return "" }
        return String(cString: text)
    }
}
