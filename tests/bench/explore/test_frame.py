"""What all views share: menu, address, controls, complaints, who is answered."""

import http.client
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.bench.a_browser import serious, until

Opens = Callable[..., Page]
INK = "getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')).fill"


def test_an_address_restores_a_state_and_follows_the_controls(opened: Opens):
    page = opened("test?number=4&names=gp,random&shout=on&letter=b")
    expect(page.locator("#said")).to_have_text("4 small b of gp, random!")
    page.get_by_text("Large").click()
    expect(page.locator("#said")).to_have_text("4 large b of gp, random!")
    assert page.url.endswith("test?letter=b&size=large&number=4&names=gp,random&shout=on")
    page.reload()
    expect(page.locator("#said")).to_have_text("4 large b of gp, random!")
    assert page.title() == "A test – search-bench"
    assert serious(page) == []
    number = page.get_by_role("group", name="Number").locator("input[type=number]")
    number.fill("")
    number.press("Tab")
    page.wait_for_function("!location.search.includes('number')")  # nor NaN: what is emptied is the default


def test_what_an_address_says_wrongly_is_told_and_a_page_is_shown(opened: Opens):
    page = opened("test?number=99&colour=red&letter=<b>&names=gp")
    complaints = page.locator(".complaints li").all_inner_texts()
    assert len(complaints) == 3
    assert any("number=99" in line and "less than or equal to 9" in line for line in complaints)
    assert any("letter=<b>" in line for line in complaints)
    expect(page.locator("#said")).to_have_text("3 small a of gp")


def test_a_usage_error_in_a_callback_is_a_line_on_the_page(opened: Opens):
    page = opened("test?letter=c")
    expect(page.locator("#notice")).to_have_text("c is not for sale, got 'c'; take a or b")


def test_the_menu_leads_everywhere_and_an_unknown_view_says_what_there_is(opened: Opens):
    page = opened("nothing")
    assert "There is no view called nothing" in page.inner_text("main")
    page.get_by_role("navigation").get_by_text("A test").click()
    expect(page.locator("#said")).to_have_text("3 small a of random")
    page.get_by_text("search-bench", exact=True).click()
    expect(page.locator("h1")).to_have_text("Watch hyperparameter search at work")
    assert serious(page) == []


def test_only_this_machine_is_answered(address: str):
    place = urlsplit(address)
    for host, status in (("127.0.0.1:80", 200), ("localhost:1", 200), ("evil.example:80", 403)):
        connection = http.client.HTTPConnection(str(place.hostname), place.port)
        connection.request("GET", "/", headers={"Host": host})
        assert connection.getresponse().status == status, host


def test_pages_and_figures_are_dark_where_the_system_is_and_light_again(opened: Opens):
    page = opened("one-dimension?x=0.1,0.5")
    page.wait_for_selector(".xtick text")
    assert page.evaluate(INK) == "rgb(29, 29, 31)"
    for scheme, ink in (("dark", "rgb(232, 232, 234)"), ("light", "rgb(29, 29, 31)")):
        page.emulate_media(color_scheme=scheme)
        until(page, INK, ink)
        assert page.evaluate("getComputedStyle(document.body).color") == ink
        assert serious(page) == []
