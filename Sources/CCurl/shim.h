// libcurl, and functions in place of its variadic ones, which Swift cannot call: one for each kind of value.
#ifndef ATRIUM_CCURL_SHIM_H
#define ATRIUM_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*atrium_curl_data)(char *bytes, size_t size, size_t count, void *owner);
typedef curl_socket_t (*atrium_curl_open)(void *owner, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*atrium_curl_connected)(void *owner, char *peer, char *own, int peer_port, int own_port);
typedef int (*atrium_curl_watch)(CURL *easy, curl_socket_t socket, int what, void *owner, void *unused);
typedef int (*atrium_curl_timer)(CURLM *multi, long milliseconds, void *owner);

static inline CURLcode atrium_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_bytes(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_data(CURL *easy, CURLoption option, atrium_curl_data value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_set_open(CURL *easy, atrium_curl_open value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode atrium_curl_set_connected(CURL *easy, atrium_curl_connected value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode atrium_curl_set_owner(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode atrium_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode atrium_curl_get_owner(CURL *easy, void **value) {
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, value);
}
static inline void atrium_curl_multi_set_callbacks(
    CURLM *multi, atrium_curl_watch watch, atrium_curl_timer timer, void *owner) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, owner);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, owner);
}
static inline void atrium_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    curl_multi_setopt(multi, option, value);
}
// Whether a transfer is done, and with what.
static inline CURL *atrium_curl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    return NULL;
}

#endif
