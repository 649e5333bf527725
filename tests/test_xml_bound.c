#include <criterion/criterion.h>
#include <pthread.h>

#include "evidence/xml_bound.h"

static const fu_mem one, other;

static void *in_thread(void *found)
{
    *(const fu_mem **)found = fu_xml_bound();
    fu_xml_bind(&other);
    return fu_xml_bound() == &other ? found : NULL;
}

Test(xml_bound, a_thread_begins_with_none)
{
    cr_assert_null(fu_xml_bound());
}

Test(xml_bound, each_thread_has_its_own)
{
    const fu_mem *found = &one;
    void *good = NULL;
    pthread_t t;
    fu_xml_bind(&one);
    cr_assert_eq(pthread_create(&t, NULL, in_thread, &found), 0);
    cr_assert_eq(pthread_join(t, &good), 0);
    cr_assert_null(found, "another thread's");
    cr_assert_not_null(good);
    cr_assert_eq(fu_xml_bound(), &one);
    fu_xml_bind(NULL);
    cr_assert_null(fu_xml_bound());
}
