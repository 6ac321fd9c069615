package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// page is one page of a tag list.
type page struct {
	etag string
	tags []string
	next string // URL, "" on the last page
}

// A list ends somewhere, and so does what is kept of it: ten years of nightlies are 4,000 tags.
const (
	mostPages      = 1000
	mostTags       = 200_000
	mostTagsCached = 10_000 // of one page
)

var tagPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)

// Tags lists every tag of an image ("ghcr.io/glitch-soc/mastodon"), each once, in the registry's order: ghcr.io gives the oldest first,
// others sort by name. The list is never nil. Errors are of type *[Error].
func (c *Client) Tags(ctx context.Context, image string) ([]string, error) {
	tags, err := once(ctx, c.asked, "list tags", image, func() ([]string, error) { return c.list(ctx, image) })

	return slices.Clone(tags), err
}

func (c *core) list(ctx context.Context, image string) ([]string, error) {
	s, err := c.session(ctx, image)
	if err != nil {
		return nil, err
	}

	all := []string{}
	known := map[string]bool{}

	next := s.at(fmt.Sprintf("/tags/list?n=%d", c.opts.PageSize))
	for range mostPages {
		p, err := c.page(ctx, s, next)
		if err != nil {
			return nil, err
		}

		before := len(all)
		for _, tag := range p.tags {
			if !known[tag] {
				known[tag] = true
				all = append(all, tag)
			}
		}

		switch {
		case len(all) > mostTags:
			return nil, refused("the tag list has more than %d tags", mostTags)
		case p.next == "":
			return all, nil
		case len(all) == before:
			return nil, refused("the tag list goes in circles: a page has nothing new and still names a next one")
		}

		next = p.next
	}

	return nil, refused("the tag list has more than %d pages", mostPages)
}

// page asks for one page, or whether the one we have is still right.
func (c *core) page(ctx context.Context, s *session, target string) (page, error) {
	header := http.Header{"Accept": {"application/json"}}
	old, cached := c.pages.get(target)
	if cached {
		header.Set("If-None-Match", old.etag)
	}

	a, err := c.do(ctx, s, s.here, http.MethodGet, target, header)
	if err != nil {
		return page{}, err
	}

	if a.status == http.StatusNotModified {
		return old, nil
	}

	p, err := readPage(a)
	if err == nil && p.etag != "" && len(p.tags) <= mostTagsCached {
		c.pages.put(target, p)
	}

	return p, err
}

func readPage(a *answer) (page, error) {
	var body struct {
		Tags []string `json:"tags"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		return page{}, broken("the answer is no tag list but %s", kindOf(a))
	}

	for _, tag := range body.Tags {
		if !tagPattern.MatchString(tag) {
			return page{}, broken("the registry lists %.100q, which can't be a tag", tag)
		}
	}

	next, err := nextPage(a.header.Values("Link"), a.url)

	return page{etag: a.header.Get("ETag"), tags: body.Tags, next: next}, err
}

// kindOf says what kind of thing came instead of JSON.
func kindOf(a *answer) string {
	if kind := http.DetectContentType(a.body); len(a.body) > 0 {
		return kind
	}

	return "empty"
}

// nextPage finds the next page's URL among Link headers and holds it to the host that sent them: a server must not send us elsewhere.
func nextPage(links []string, from *url.URL) (string, error) {
	targets := nextLinks(links)
	if len(targets) == 0 {
		return "", nil
	}

	u, err := from.Parse(targets[0])
	if err != nil {
		return "", broken("the link to the next page is no URL")
	}

	if u.Scheme != from.Scheme || u.Host != from.Host || u.User != nil {
		return "", refused("the link to the next page leads to another host, %s", plainText(u.Host))
	}

	return u.String(), nil
}
