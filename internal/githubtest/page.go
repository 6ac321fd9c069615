package githubtest

import (
	"fmt"
	"strconv"
	"strings"
)

// page answers with one page of items and links to the others.
func page[T any](c *call, items []T, shape func(T) object) {
	pageIn(c, items, shape, func(shown []object) any { return shown })
}

// pageIn is page for a list that stands in an object.
func pageIn[T any](c *call, items []T, shape func(T) object, in func([]object) any) {
	size, number := c.number("per_page", 30), c.number("page", 1)
	size, number = min(max(size, 1), 100), max(number, 1)
	last := max(1, (len(items)+size-1)/size)

	shown := []object{}
	for _, item := range items[min((number-1)*size, len(items)):min(number*size, len(items))] {
		shown = append(shown, shape(item))
	}

	var links []string

	link := func(to int, rel string) {
		links = append(links, fmt.Sprintf(`<%s>; rel="%s"`, c.pageURL(to), rel))
	}

	if number > 1 {
		link(number-1, "prev")
	}

	if number < last {
		link(number+1, "next")
		link(last, "last")
	}

	if number > 1 {
		link(1, "first")
	}

	if len(links) > 0 {
		c.answer.header.Set("Link", strings.Join(links, ", "))
	}

	c.ok(200, in(shown))
}

func (c *call) pageURL(to int) string {
	query := c.r.URL.Query()
	query.Set("page", strconv.Itoa(to))

	return c.api + c.path + "?" + query.Encode()
}

func (c *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(c.r.URL.Query().Get(name))
	if err != nil {
		return otherwise
	}

	return n
}
