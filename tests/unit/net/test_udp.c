#include "world.h"

struct ear {
    struct ds_udp *udp, *other;
    size_t count, bytes;
    struct ds_addr last_from;
    char text[64];
    bool echo, close_self, close_other;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    ear->count++;
    ear->bytes += bytes.len;
    ear->last_from = from;
    ds_slice_copy(bytes, ear->text, sizeof ear->text);
    if (ear->echo)
        ds_udp_send(ear->udp, from, bytes);
    if (ear->close_self)
        ds_udp_close(&ear->udp);
    if (ear->close_other)
        ds_udp_close(&ear->other);
}

static void open_ear(struct world *world, struct ear *ear, uint32_t last)
{
    struct ds_why why;
    assert_int_equal(ds_udp_open(world->net, place(last, 0), hear, ear, &ear->udp, &why), DS_OK);
    assert_true(ds_udp_at(ear->udp).port >= 1024);
}

static void a_datagram_comes_back(void **state)
{
    struct world *world = *state;
    struct ear a = {0}, b = {.echo = true};
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("hello"));
    assert_int_equal(b.count, 0);
    turn_until(world, &a.count, 1);
    assert_string_equal(a.text, "hello");
    assert_true(ds_addr_equal(a.last_from, ds_udp_at(b.udp)));
    assert_true(ds_addr_equal(b.last_from, ds_udp_at(a.udp)));
    ds_udp_close(&a.udp);
    ds_udp_close(&b.udp);
    assert_null(a.udp);
}

static void datagrams_keep_their_order_and_their_edges(void **state)
{
    struct world *world = *state;
    static char large[DS_COUNT(((struct ear *)0)->text) * 1000];
    struct ear a = {0}, b = {0};
    open_ear(world, &a, 1);
    open_ear(world, &b, 1);
    memset(large, 'x', sizeof large);
    ds_udp_send(a.udp, ds_udp_at(b.udp), (struct ds_slice){large, sizeof large});
    ds_udp_send(a.udp, ds_udp_at(b.udp), (struct ds_slice){NULL, 0});
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("last"));
    turn_until(world, &b.count, 3);
    assert_string_equal(b.text, "last");
    assert_int_equal(b.bytes, sizeof large + 4);
    ds_udp_close(&a.udp);
    ds_udp_close(&b.udp);
}

static void what_nobody_hears_is_lost(void **state)
{
    struct world *world = *state;
    static char huge[70000];
    struct ear a = {0}, b = {0};
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    struct ds_addr nobody = ds_udp_at(b.udp);
    ds_udp_send(a.udp, nobody, (struct ds_slice){huge, sizeof huge});
    settle(world);
    assert_int_equal(b.count, 0);
    ds_udp_close(&b.udp);
    ds_udp_send(a.udp, nobody, DS_LITERAL("anybody?"));
    settle(world);
    ds_udp_send(a.udp, ds_udp_at(a.udp), DS_LITERAL("myself"));
    turn_until(world, &a.count, 1);
    ds_udp_close(&a.udp);
}

static void an_address_is_taken_once(void **state)
{
    struct world *world = *state;
    struct ear a = {0}, b = {0};
    struct ds_why why;
    open_ear(world, &a, 1);
    struct ds_addr at = ds_udp_at(a.udp);
    assert_int_equal(ds_udp_open(world->net, at, hear, &b, &b.udp, &why), DS_IO);
    assert_non_null(strstr(why.text, ds_addr_text(at).text));
    assert_non_null(strstr(why.text, "in use"));
    assert_null(b.udp);
    ds_udp_close(&a.udp);
    assert_int_equal(ds_udp_open(world->net, at, hear, &b, &b.udp, &why), DS_OK);
    ds_udp_close(&b.udp);
}

static void only_ipv4_is_known(void **state)
{
    struct world *world = *state;
    struct ear a = {0};
    struct ds_addr six;
    struct ds_why why;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("::1"), &six), DS_OK);
    assert_int_equal(ds_udp_open(world->net, six, hear, &a, &a.udp, &why), DS_BAD);
    assert_string_equal(why.text, "::1 is no IPv4 address, and this network has no others");
    open_ear(world, &a, 1);
    ds_udp_send(a.udp, six, DS_LITERAL("lost"));
    settle(world);
    ds_udp_close(&a.udp);
}

static void a_socket_may_close_itself_and_the_next_in_its_callback(void **state)
{
    struct world *world = *state;
    struct ear a = {.close_self = true, .close_other = true}, b = {0}, sender = {0};
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    open_ear(world, &sender, 3);
    a.other = b.udp;
    for (int i = 0; i < 3; i++)
        ds_udp_send(sender.udp, ds_udp_at(a.udp), DS_LITERAL("to a"));
    ds_udp_send(sender.udp, ds_udp_at(b.udp), DS_LITERAL("to b"));
    settle(world);
    assert_int_equal(a.count, 1);
    assert_int_equal(b.count, 0);
    assert_null(a.udp);
    assert_null(a.other);
    ds_udp_close(&sender.udp);
}

static void a_socket_left_open_is_a_mistake(void **state)
{
    struct world *world = *state;
    struct ear a = {0};
    open_ear(world, &a, 1);
    expect_assert_failure(ds_net_free(&world->net));
    ds_udp_close(&a.udp);
}

static void the_tap_is_told_once_by_the_sender(void **state)
{
    struct world *world = *state;
    struct ear a = {0}, b = {.echo = true};
    char expected[1024];
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    struct ds_addr_text at_a = ds_addr_text(ds_udp_at(a.udp)),
                        at_b = ds_addr_text(ds_udp_at(b.udp));
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("ping"));
    turn_until(world, &a.count, 1);
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("farewell"));
    ds_udp_close(&a.udp);
    turn_until(world, &b.count, 2);
    ds_udp_close(&b.udp);
    snprintf(expected, sizeof expected, "%s>%su4;%s>%su4;%s>%su8;%s>%su8;", at_a.text, at_b.text,
             at_b.text, at_a.text, at_a.text, at_b.text, at_b.text, at_a.text);
    assert_string_equal(world->taps.at, expected);
}

int test_udp(void);

#define IN(start, test) cmocka_unit_test_setup_teardown(test, start, stop_world)
#define TABLE(start)                                                                               \
    {                                                                                              \
        IN(start, a_datagram_comes_back), IN(start, datagrams_keep_their_order_and_their_edges),   \
            IN(start, what_nobody_hears_is_lost), IN(start, an_address_is_taken_once),             \
            IN(start, only_ipv4_is_known),                                                         \
            IN(start, a_socket_may_close_itself_and_the_next_in_its_callback),                     \
            IN(start, a_socket_left_open_is_a_mistake),                                            \
            IN(start, the_tap_is_told_once_by_the_sender),                                         \
    }

int test_udp(void)
{
    const struct CMUnitTest simulated[] = TABLE(start_simulated);
    const struct CMUnitTest loopback[] = TABLE(start_loopback);
    const struct CMUnitTest held[] = TABLE(start_held);
    return cmocka_run_group_tests_name("udp, simulated", simulated, NULL, NULL) +
           cmocka_run_group_tests_name("udp, loopback", loopback, NULL, NULL) +
           cmocka_run_group_tests_name("udp, loopback, held", held, NULL, NULL);
}
