package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/goingdark-social/bot/internal/lazyre"
)

// page is one page of a tag list.
type page struct {
	etag string
	tags []string
	next string // URL, "" on the last page
	at   time.Time
}

// settledFor is how long a full page is not asked for again where a registry lists the oldest first, as ghcr.io does: there what is
// new stands on the last page. A tag that is taken away from an older page is found to be gone when its release is inspected.
const settledFor = 24 * time.Hour

// settled tells that nothing new can stand on a page: it is full, and not in the order of names, which puts new tags anywhere.
func (p page) settled(now time.Time) bool {
	return p.next != "" && !slices.IsSorted(p.tags) && now.Sub(p.at) < settledFor
}

// A list ends somewhere, and so does what is kept of it: ten years of nightlies are 4,000 tags.
const (
	mostPages      = 1000
	mostTags       = 200_000
	mostTagsCached = 10_000 // of one page
)

var tagPattern = lazyre.New(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)

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

	first := s.at(fmt.Sprintf("/tags/list?n=%d", c.opts.PageSize))

	if known, ok := c.pages.get(first); ok && known.settled(c.opts.Now()) {
		if tags, err := c.walk(ctx, s, first, true); !errors.Is(err, errCircle) {
			return tags, err
		}
	}

	return c.walk(ctx, s, first, false)
}

// errCircle is a list that comes back to where it was. With remembered pages it may only mean that the tag which the next page starts
// after is gone, and that the registry starts over then.
var errCircle = refused("the tag list goes in circles: a page has nothing new and still names a next one")

// walk follows the pages; those that are settled are taken from memory where remembered ones may be.
func (c *core) walk(ctx context.Context, s *session, next string, remembered bool) ([]string, error) {
	all := []string{}
	known := map[string]bool{}

	for range mostPages {
		p, err := c.page(ctx, s, next, remembered)
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
		case remembered && before > 0 && len(p.tags) > 0 && p.tags[0] == all[0]:
			return nil, errCircle
		case len(all) > mostTags:
			return nil, refused("the tag list has more than %d tags", mostTags)
		case p.next == "":
			return all, nil
		case len(all) == before:
			return nil, errCircle
		}

		next = p.next
	}

	return nil, refused("the tag list has more than %d pages", mostPages)
}

// page asks for one page, or whether the one we have is still right.
func (c *core) page(ctx context.Context, s *session, target string, remembered bool) (page, error) {
	header := http.Header{"Accept": {"application/json"}}
	old, cached := c.pages.get(target)
	if cached && remembered && old.settled(c.opts.Now()) {
		return old, nil
	}

	if cached && old.etag != "" {
		header.Set("If-None-Match", old.etag)
	}

	a, err := c.do(ctx, s, s.here, http.MethodGet, target, header)
	if err != nil {
		return page{}, err
	}

	if a.status == http.StatusNotModified {
		old.at = c.opts.Now()
		c.pages.put(target, old)

		return old, nil
	}

	p, err := readPage(a)
	p.at = c.opts.Now()

	if err == nil && (p.etag != "" || p.next != "") && len(p.tags) <= mostTagsCached {
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
