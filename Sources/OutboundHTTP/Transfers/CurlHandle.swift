internal import CCurl

/// One easy handle of libcurl: https://curl.se/libcurl/c/libcurl-easy.html
struct CurlHandle {
    let pointer: UnsafeMutableRawPointer

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() throws(OutboundFault) {
        guard CurlHandle.isReady, let pointer = curl_easy_init() else { throw .broken("libcurl cannot be used") }
        self.pointer = pointer
    }

    func set(_ option: CURLoption, _ value: Int) { atrium_curl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, _ value: String) { atrium_curl_set_text(pointer, option, value) }
    func set(_ option: CURLoption, offset: Int) { atrium_curl_set_offset(pointer, option, curl_off_t(offset)) }
    func set(_ option: CURLoption, _ list: CurlList) { atrium_curl_set_list(pointer, option, list.first) }

    /// The code of the answer, of HTTP as of SMTP; 0 where there was none.
    var responseCode: Int {
        var code = 0
        atrium_curl_get_long(pointer, CURLINFO_RESPONSE_CODE, &code)
        return code
    }
}

/// Texts in a list as libcurl has them, which must outlive their transfer.
///
/// `@unchecked Sendable`: it does not change once it is made.
final class CurlList: @unchecked Sendable {
    let first: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        first = texts.reduce(nil) { list, text in curl_slist_append(list, text) ?? list }
    }

    deinit { curl_slist_free_all(first) }
}
