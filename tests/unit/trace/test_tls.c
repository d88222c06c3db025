#include "stage.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* OpenSSL talks to itself in memory; what it sends is framed as TCP. */

struct tls_case {
    int version;
    const char *suites; /* of that version, in OpenSSL's words */
    size_t chunk;       /* bytes a TCP segment */
    bool without_secrets;
    bool key_update;
    bool mac_inside; /* no encrypt-then-MAC */
};

struct talk {
    struct stage stage;
    struct stage_tcp ways[2];
    SSL_CTX *contexts[2];
    SSL *ends[2];           /* 0: client */
    struct ds_buf wire[64]; /* in the order sent */
    int sender[64];
    size_t count;
    struct ds_buf keylog;
};

static void keep_key(const SSL *end, const char *line)
{
    struct talk *talk = SSL_CTX_get_app_data(SSL_get_SSL_CTX(end));
    ds_buf_print(&talk->keylog, "%s\n", line);
}

static void give_names(X509 *certificate)
{
    X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
                                                "DNS:pbx.example,IP:127.0.0.1,DNS:sip.example");
    assert_non_null(names);
    assert_int_equal(X509_add_ext(certificate, names, -1), 1);
    X509_EXTENSION_free(names);
}

static void give_certificate(SSL_CTX *context)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    assert_true(key != NULL && certificate != NULL);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    give_names(certificate);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static int take_any(int good, X509_STORE_CTX *check)
{
    (void)good;
    (void)check;
    return 1;
}

static SSL_CTX *new_context(struct talk *talk, const struct tls_case *choice, bool client)
{
    SSL_CTX *context = SSL_CTX_new(client ? TLS_client_method() : TLS_server_method());
    assert_non_null(context);
    SSL_CTX_set_min_proto_version(context, choice->version);
    SSL_CTX_set_max_proto_version(context, choice->version);
    if (choice->version == TLS1_3_VERSION)
        assert_int_equal(SSL_CTX_set_ciphersuites(context, choice->suites), 1);
    else
        assert_int_equal(SSL_CTX_set_cipher_list(context, choice->suites), 1);
    if (choice->mac_inside)
        SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC);
    SSL_CTX_set_app_data(context, talk);
    if (client)
        SSL_CTX_set_keylog_callback(context, keep_key);
    give_certificate(context);
    if (!client)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, take_any);
    return context;
}

static void begin(struct talk *talk, const struct tls_case *choice)
{
    *talk = (struct talk){.ways = {{STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5061), 1000},
                                   {STAGE_ADDR(2, 5061), STAGE_ADDR(1, 40000), 2000}}};
    stage_open(&talk->stage);
    for (int i = 0; i < 2; i++) {
        talk->contexts[i] = new_context(talk, choice, i == 0);
        talk->ends[i] = SSL_new(talk->contexts[i]);
        SSL_set_bio(talk->ends[i], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    }
    SSL_set_connect_state(talk->ends[0]);
    SSL_set_accept_state(talk->ends[1]);
}

static void end(struct talk *talk)
{
    for (int i = 0; i < 2; i++) {
        SSL_free(talk->ends[i]);
        SSL_CTX_free(talk->contexts[i]);
    }
    for (size_t i = 0; i < talk->count; i++)
        ds_buf_clean_up(&talk->wire[i]);
    ds_buf_clean_up(&talk->keylog);
    stage_close(&talk->stage);
}

/* Carries what one end has to say over to the other, and notes it. */
static void carry(struct talk *talk, int sender)
{
    char bytes[4096];
    int len = 0;
    while ((len = BIO_read(SSL_get_wbio(talk->ends[sender]), bytes, sizeof bytes)) > 0) {
        assert_true(talk->count < DS_COUNT(talk->wire));
        ds_buf_add(&talk->wire[talk->count], (struct ds_slice){bytes, (size_t)len});
        talk->sender[talk->count++] = sender;
        assert_int_equal(BIO_write(SSL_get_rbio(talk->ends[1 - sender]), bytes, len), len);
    }
}

static void shake_hands(struct talk *talk)
{
    for (int turn = 0; turn < 10; turn++) {
        (void)SSL_do_handshake(talk->ends[turn % 2]);
        carry(talk, turn % 2);
    }
    assert_true(SSL_is_init_finished(talk->ends[0]) && SSL_is_init_finished(talk->ends[1]));
}

static void say(struct talk *talk, int sender, const char *start)
{
    char ignored[4096];
    const struct stage_line line = {.start = start};
    struct ds_buf text = {0};
    stage_write_line(&line, &text);
    assert_int_equal(SSL_write(talk->ends[sender], text.at, (int)text.len), (int)text.len);
    carry(talk, sender);
    while (SSL_read(talk->ends[1 - sender], ignored, sizeof ignored) > 0)
        ;
    ds_buf_clean_up(&text);
}

static void write_wire(struct talk *talk, const struct tls_case *choice)
{
    if (!choice->without_secrets)
        ds_pcap_write_secrets(talk->stage.writer, ds_buf_slice(&talk->keylog));
    stage_syn(&talk->stage, &talk->ways[0]);
    stage_syn(&talk->stage, &talk->ways[1]);
    for (size_t i = 0; i < talk->count; i++) {
        struct ds_slice rest = ds_buf_slice(&talk->wire[i]);
        while (rest.len > 0) {
            size_t len = rest.len < choice->chunk ? rest.len : choice->chunk;
            stage_tcp(&talk->stage, &talk->ways[talk->sender[i]], (struct ds_slice){rest.at, len});
            rest = ds_slice_from(rest, len);
        }
    }
}

static const struct ds_trace *play(struct talk *talk, const struct tls_case *choice)
{
    begin(talk, choice);
    shake_hands(talk);
    say(talk, 0, "INVITE sip:+15550142@b SIP/2.0");
    say(talk, 1, "SIP/2.0 180 Ringing");
    if (choice->key_update)
        assert_int_equal(SSL_key_update(talk->ends[0], SSL_KEY_UPDATE_REQUESTED), 1);
    say(talk, 0, "CANCEL sip:+15550142@b SIP/2.0");
    say(talk, 1, "SIP/2.0 487 Request Terminated");
    write_wire(talk, choice);
    return stage_read(&talk->stage, NULL);
}

static void assert_names_are_read(const struct ds_trace *trace)
{
    assert_int_equal(trace->certificate_count, 2);
    for (int by_client = 0; by_client < 2; by_client++) {
        const struct ds_certificate_seen *seen = &trace->certificates[by_client];
        assert_int_equal(seen->by_client, by_client);
        assert_int_equal(seen->by.port, by_client ? 40000 : 5061);
        assert_int_equal(seen->to.port, by_client ? 5061 : 40000);
        assert_int_equal(seen->name_count, 2);
        assert_string_equal(seen->names[0], "pbx.example");
        assert_string_equal(seen->names[1], "sip.example");
    }
}

static void assert_opened(const struct tls_case *choice)
{
    static const char *const labels[] = {"INVITE +15550142", "180", "CANCEL", "487"};
    struct talk talk;
    char label[64];
    const struct ds_trace *trace = play(&talk, choice);
    if (trace->gap_count > 0)
        print_message("%s: %s\n", choice->suites, trace->gaps[0].sentence);
    assert_int_equal(trace->gap_count, 0);
    assert_int_equal(trace->event_count, DS_COUNT(labels));
    assert_names_are_read(trace);
    for (size_t i = 0; i < DS_COUNT(labels); i++) {
        assert_int_equal(trace->events[i].transport, DS_TLS);
        assert_int_equal(trace->events[i].from.port, i % 2 == 0 ? 40000 : 5061);
        ds_event_label(&trace->events[i], label, sizeof label);
        assert_string_equal(label, labels[i]);
    }
    end(&talk);
}

static void tls_1_3_is_opened_with_every_cipher_suite(void **state)
{
    static const char *const suites[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                         "TLS_CHACHA20_POLY1305_SHA256"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++)
        assert_opened(&(struct tls_case){TLS1_3_VERSION, suites[i], 1400, false, false, false});
}

static void tls_1_2_is_opened_with_every_cipher_suite(void **state)
{
    static const char *const suites[] = {"ECDHE-ECDSA-AES128-GCM-SHA256",
                                         "ECDHE-ECDSA-AES256-GCM-SHA384",
                                         "ECDHE-ECDSA-CHACHA20-POLY1305"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++)
        assert_opened(&(struct tls_case){TLS1_2_VERSION, suites[i], 1400, false, false, false});
}

/* HMAC inside what is sealed, and, as both ends of today agree, behind it. */
static void tls_1_2_is_opened_with_every_block_cipher(void **state)
{
    static const char *const suites[] = {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA",
                                         "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(suites); i++) {
        assert_opened(
            &(struct tls_case){.version = TLS1_2_VERSION, .suites = suites[i], .chunk = 1400});
        assert_opened(&(struct tls_case){
            .version = TLS1_2_VERSION, .suites = suites[i], .chunk = 1400, .mac_inside = true});
    }
}

/* As old servers speak it. OpenSSL's own defaults would refuse. */
static void tls_1_0_and_1_1_are_opened_with_every_block_cipher(void **state)
{
    static const int versions[] = {TLS1_VERSION, TLS1_1_VERSION};
    static const char *const suites[] = {"ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0",
                                         "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(versions) * DS_COUNT(suites) * 2; i++)
        assert_opened(&(struct tls_case){.version = versions[i % 2],
                                         .suites = suites[i / 2 % 2],
                                         .chunk = 1400,
                                         .mac_inside = i / 4 == 0});
}

static void records_may_be_spread_over_small_segments(void **state)
{
    (void)state;
    assert_opened(
        &(struct tls_case){TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", 13, false, false, false});
    assert_opened(&(struct tls_case){TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", 13, false,
                                     false, false});
}

static void key_updates_are_followed_both_ways(void **state)
{
    (void)state;
    assert_opened(
        &(struct tls_case){TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384", 1400, false, true, false});
}

static void a_connection_without_secrets_is_one_gap(void **state)
{
    const struct tls_case cases[] = {
        {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", 1400, true, false, false},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", 1400, true, false, false}};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct talk talk;
        const struct ds_trace *trace = play(&talk, &cases[i]);
        assert_int_equal(trace->event_count, 0);
        assert_int_equal(trace->gap_count, 1);
        assert_string_equal(trace->gaps[0].sentence,
                            "TLS between 127.0.10.1:40000 and 127.0.10.2:5061: no secret in the "
                            "capture");
        end(&talk);
    }
}

static ds_rc read_with(struct talk *talk, struct ds_slice keylog, struct ds_why *why)
{
    char path[340];
    snprintf(path, sizeof path, "%s/keys.log", talk->stage.directory);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(keylog.at, 1, keylog.len, file), keylog.len);
    assert_int_equal(fclose(file), 0);
    const struct ds_trace_source source = {.path = talk->stage.path, .keylog_path = path};
    ds_trace_free(&talk->stage.trace);
    return ds_trace_read_source(&source, &talk->stage.trace, why);
}

static void secrets_may_come_in_a_file_of_their_own(void **state)
{
    const struct tls_case cases[] = {
        {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", 1400, true, false, false},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", 1400, true, false, false}};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct talk talk;
        struct ds_buf keylog = {0};
        struct ds_why why = {{0}};
        play(&talk, &cases[i]);
        ds_buf_text(&keylog, "# by hand\r\n\r\n");
        ds_buf_add(&keylog, ds_buf_slice(&talk.keylog));
        assert_int_equal(read_with(&talk, ds_buf_slice(&keylog), &why), DS_OK);
        assert_int_equal(talk.stage.trace->gap_count, 0);
        assert_int_equal(talk.stage.trace->event_count, 4);
        ds_buf_clean_up(&keylog);
        end(&talk);
    }
}

static void what_is_no_key_log_is_refused_and_an_empty_one_is_not(void **state)
{
    const struct tls_case choice = {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", 1400, true, false,
                                    false};
    struct talk talk;
    struct ds_why why = {{0}};
    (void)state;
    play(&talk, &choice);
    assert_int_equal(read_with(&talk, DS_LITERAL(""), &why), DS_OK);
    assert_int_equal(talk.stage.trace->gap_count, 1);
    assert_int_equal(read_with(&talk, DS_LITERAL("-----BEGIN PRIVATE KEY-----\n"), &why), DS_BAD);
    assert_non_null(strstr(why.text, "keys.log is no key log"));
    const struct ds_trace_source nowhere = {.path = talk.stage.path, .keylog_path = "/nowhere"};
    assert_int_equal(ds_trace_read_source(&nowhere, &talk.stage.trace, &why), DS_IO);
    assert_non_null(strstr(why.text, "cannot open the key log /nowhere"));
    assert_null(talk.stage.trace);
    end(&talk);
}

static void a_suite_we_cannot_open_is_said_so(void **state)
{
    const struct tls_case choice = {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-CCM", 1400, false, false,
                                    false};
    struct talk talk;
    (void)state;
    const struct ds_trace *trace = play(&talk, &choice);
    assert_int_equal(trace->event_count, 0);
    assert_int_equal(trace->gap_count, 1);
    assert_non_null(
        strstr(trace->gaps[0].sentence, ": cipher suite 0xc0ac of TLS 1.2 is one we cannot open"));
    end(&talk);
}

static void a_damaged_record_is_a_gap_and_ends_the_connection(void **state)
{
    const struct tls_case choice = {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256", 1400, false, false,
                                    false};
    struct talk talk;
    (void)state;
    begin(&talk, &choice);
    shake_hands(&talk);
    say(&talk, 0, "INVITE sip:+15550142@b SIP/2.0");
    say(&talk, 0, "CANCEL sip:+15550142@b SIP/2.0");
    talk.wire[talk.count - 1].at[20] ^= 1;
    write_wire(&talk, &choice);
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->gap_count, 1);
    assert_non_null(strstr(trace->gaps[0].sentence, "does not open"));
    end(&talk);
}

static void a_connection_that_began_before_the_capture_is_a_gap(void **state)
{
    struct stage stage;
    struct stage_tcp tcp = {STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5061), 1000};
    (void)state;
    stage_open(&stage);
    stage_tcp(&stage, &tcp,
              DS_LITERAL("\x17\x03\x03\x00\x04"
                         "abcd"));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->gap_count, 1);
    assert_non_null(strstr(trace->gaps[0].sentence, "handshake is not in the capture"));
    stage_close(&stage);
}

/* Handshakes in the clear: a ClientHello, and what a server says next. */
static void write_handshakes(struct stage *stage, struct ds_slice answer)
{
    static const char hello[] = "\x16\x03\x01\x00\x26\x01\x00\x00\x22\x03\x03"
                                "0123456789abcdef0123456789abcdef";
    struct stage_tcp client = {STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5061), 1000};
    struct stage_tcp server = {STAGE_ADDR(2, 5061), STAGE_ADDR(1, 40000), 2000};
    stage_syn(stage, &client);
    stage_syn(stage, &server);
    stage_tcp(stage, &client, (struct ds_slice){hello, sizeof hello - 1});
    stage_tcp(stage, &server, answer);
}

/* No list of certificates; an empty list; a certificate of no bytes; one that is no sequence. */
static void certificates_of_nothing_have_no_names(void **state)
{
    const struct ds_slice answers[] = {
        DS_LITERAL("\x16\x03\x01\x00\x04\x0b\x00\x00\x00"),
        DS_LITERAL("\x16\x03\x01\x00\x07\x0b\x00\x00\x03\x00\x00\x00"),
        DS_LITERAL("\x16\x03\x01\x00\x0a\x0b\x00\x00\x06\x00\x00\x03\x00\x00\x00"),
        DS_LITERAL("\x16\x03\x01\x00\x0c\x0b\x00\x00\x08\x00\x00\x05\x00\x00\x02\x05\x00"),
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(answers); i++) {
        struct stage stage;
        stage_open(&stage);
        write_handshakes(&stage, answers[i]);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        for (size_t k = 0; k < trace->certificate_count; k++)
            assert_int_equal(trace->certificates[k].name_count, 0);
        stage_close(&stage);
    }
}

int test_tls(void);

int test_tls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_1_3_is_opened_with_every_cipher_suite),
        cmocka_unit_test(tls_1_2_is_opened_with_every_cipher_suite),
        cmocka_unit_test(tls_1_2_is_opened_with_every_block_cipher),
        cmocka_unit_test(tls_1_0_and_1_1_are_opened_with_every_block_cipher),
        cmocka_unit_test(records_may_be_spread_over_small_segments),
        cmocka_unit_test(key_updates_are_followed_both_ways),
        cmocka_unit_test(a_connection_without_secrets_is_one_gap),
        cmocka_unit_test(secrets_may_come_in_a_file_of_their_own),
        cmocka_unit_test(what_is_no_key_log_is_refused_and_an_empty_one_is_not),
        cmocka_unit_test(a_suite_we_cannot_open_is_said_so),
        cmocka_unit_test(a_damaged_record_is_a_gap_and_ends_the_connection),
        cmocka_unit_test(certificates_of_nothing_have_no_names),
        cmocka_unit_test(a_connection_that_began_before_the_capture_is_a_gap),
    };
    return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
