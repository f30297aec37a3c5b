"""The sandbox of texts: a text prints what it is given, and whatever else it tries ends at once with a sentence."""

import time
import tracemalloc

import pytest

from infra.texts.templates import FUEL, LONGEST, MOST_PRINTED, Parts, Templates, TextUnfit

GIVEN = {
    "name": "Müller & Søn",
    "count": 3,
    "lines": (Parts(number="R-1", days=4), Parts(number="R-2", days=1)),
    "debtor": Parts(name="<b>{{ 7 * 7 }}</b>", number="C-1"),
}


def printed(source: str, name: str = "steps.due_today.body", **more: object) -> str:
    return Templates({name: source}).render(name, {**GIVEN, **more})


def unfit(source: str) -> str:
    """Why it is not printed; it ends well within a second, whatever it tries."""
    began = time.perf_counter()
    with pytest.raises(TextUnfit) as refusal:
        printed(source)
    assert time.perf_counter() - began < 0.5
    assert refusal.value.code == "text_unfit"
    assert refusal.value.message.startswith("steps.due_today.body")
    return refusal.value.message


def test_a_text_prints_what_it_is_given():
    lines = "{% for line in lines %}{{ line.number }}: {{ line.days }} {% endfor %}"
    assert printed(f"{{{{ name }}}}, {{{{ count }}}}: {lines}{{% if count > 2 %}}many{{% endif %}}") == (
        "Müller & Søn, 3: R-1: 4 R-2: 1 many"
    )


def test_data_is_never_a_template_itself():
    assert printed("{{ debtor.name }}") == "<b>{{ 7 * 7 }}</b>"


def test_a_page_of_html_escapes_data_and_a_text_does_not():
    assert printed("{{ debtor.name }}", "mail.html") == "&lt;b&gt;{{ 7 * 7 }}&lt;&#x2f;b&gt;"


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for i in range(10000000000) %}x{% endfor %}",
        "{% for a in lines %}" * 18 + "x" + "{% endfor %}" * 18,
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_a_text_that_loops_is_stopped(source):
    unfit(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 10000000 }}",
        "{{ 'x' * 10000000000 }}",
        "{{ '%10000000s'|format(name) }}",
        "{% set a = 'x' * 100 %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a %}" + "x" * 100 + "{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40 + "{{ a }}",
        "{{ name" + "|replace('', name)" * 12 + " }}",
        "{% for i in range(9000) %}" + "x" * 1200 + "{% endfor %}",
    ],
)
def test_a_text_that_prints_ten_megabytes_is_stopped_before_it_has_them(source):
    tracemalloc.start()
    unfit(source)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_as_much_as_a_text_may_print_is_printed():
    assert len(printed(f"{{{{ 'x' * {MOST_PRINTED // 100} }}}}" * 100)) == MOST_PRINTED
    assert "the most" in unfit(f"{{{{ 'x' * {MOST_PRINTED // 100} }}}}" * 100 + "x")
    assert "the most" in unfit("x" * (LONGEST + 1))
    assert len(printed("x" * LONGEST)) == LONGEST


@pytest.mark.parametrize(
    "source",
    [
        "{{ debtor.__class__ }}",
        "{{ debtor._values }}",
        "{{ debtor['__class__'] }}",
        "{{ debtor|attr('__class__') }}",
        "{{ debtor.items() }}",
        "{{ debtor.get('name') }}",
        "{{ lines.append(1) }}",
        "{{ lines.__len__() }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name.upper() }}",
        "{{ ''.join.__globals__ }}",
        "{{ count.real }}",
        "{{ debug() }}",
        "{{ self.x }}",
    ],
)
def test_a_text_reaches_no_attribute_and_no_method(source):
    unfit(source)


def test_named_parts_by_themselves_print_nothing():
    assert printed("[{{ debtor }}]") == "[]"


@pytest.mark.parametrize(
    "source", ["{% include '/etc/passwd' %}", "{% import 'os' as os %}", "{% extends 'steps.due_today.subject' %}"]
)
def test_a_text_reaches_no_file(source):
    unfit(source)


def test_a_misspelled_name_is_an_error_with_its_line():
    assert unfit("one\ntwo {{ debtor.nmae }}").startswith("steps.due_today.body, line 2: undefined value")
    assert "line 1" in unfit("{% if count %}")


def test_a_fault_in_one_text_is_no_fault_of_the_others():
    templates = Templates({"bad": "{% if", "loop": "{% for i in range(9) %}", "good": "{{ name }}"})
    for name in ("bad", "loop", "bad"):
        with pytest.raises(TextUnfit):
            templates.render(name, GIVEN)
    assert templates.render("good", GIVEN) == GIVEN["name"]


def test_what_a_text_may_spend_is_counted_anew_each_time():
    templates = Templates({"loop": "{% for i in range(1000) %}x{% endfor %}"}, fuel=FUEL)
    assert {templates.render("loop", {}) for _ in range(50)} == {"x" * 1000}
