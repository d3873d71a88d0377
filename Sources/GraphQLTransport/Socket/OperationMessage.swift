import EventLoop
import GraphQLSchema
import HTTPServer

/// The messages of one type about one operation, `{"id":"1","type":"next","payload":…}`; what they begin with is made once.
struct OperationMessage {
    private let head: [UInt8]

    init(_ type: StaticString, id: String) {
        var head = Array("{\"id\":".utf8)
        head += id.quotedAsJSON.utf8
        head += ",\"type\":\"".utf8
        head += UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount)
        head += "\",\"payload\":".utf8
        self.head = head
    }

    func send(_ payload: UnsafeRawBufferPointer, to socket: WebSocket) {
        socket.send(textOfBytes: head.count + payload.count + 1) { out in
            out.append(head)
            out.append(payload)
            out.append(UInt8(ascii: "}"))
        }
    }
}
