package gh

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"io"
	"net/http"
	"sync"
)

// A pass asks some three questions a repository, whose answers are 5 to 25 kB
// and pack to a tenth of that: there is room for two thousand repositories.
const (
	cacheEntries = 8192
	cacheBytes   = 32 << 20
)

// cache remembers answers that carry an ETag and asks GitHub whether they
// still hold. A 304 costs nothing of the rate limit. The least recently used
// answers go first.
//
// It stands below authorize, because GitHub answers by token: its ETag is made
// of the token and the answer. With another token, such as the one that an App
// gets each hour, the ETag that the remembered answer would have with it is
// asked about: only if GitHub's answer to that token is the very same is it
// confirmed.
type cache struct {
	next   http.RoundTripper
	packer packer

	mu    sync.Mutex
	bytes int
	order *list.List // of *cached, the most recently used first
	byKey map[cacheKey]*list.Element
}

type cacheKey struct{ url, accept string }

type cached struct {
	key    cacheKey
	token  [sha256.Size]byte // that received it, or had it confirmed last
	etag   string            // for that token
	header http.Header
	body   []byte // packed
}

func newCache(next http.RoundTripper) *cache {
	return &cache{next: next, order: list.New(), byKey: map[cacheKey]*list.Element{}}
}

func (c *cache) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return c.next.RoundTrip(req)
	}

	key := cacheKey{req.URL.String(), req.Header.Get("Accept")}

	known, etag, err := c.get(key, req.Header)
	if err != nil {
		return nil, err
	}

	if known != nil {
		req = req.Clone(req.Context())
		req.Header.Set("If-None-Match", etag)
	}

	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}

	switch {
	case resp.StatusCode == http.StatusNotModified && known != nil:
		c.confirm(known, etag, req.Header)

		return known.answer(resp)
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		return resp, c.put(key, req.Header, resp)
	}

	return resp, nil
}

// answer is the remembered answer with what fresh's header says anew.
func (e *cached) answer(fresh *http.Response) (*http.Response, error) {
	body, err := unpack(e.body)
	if err != nil {
		return nil, err
	}

	resp := *fresh
	resp.Status, resp.StatusCode = "200 OK", http.StatusOK
	resp.Header = e.header.Clone()

	for name, values := range fresh.Header {
		if name != "Content-Length" && name != "Content-Type" {
			resp.Header[name] = values
		}
	}

	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))

	return &resp, nil
}

// get is the answer to ask about, and the ETag to ask with.
func (c *cache) get(key cacheKey, request http.Header) (known *cached, etag string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	element, ok := c.byKey[key]
	if !ok {
		return nil, "", nil
	}

	c.order.MoveToFront(element)
	known = element.Value.(*cached) //nolint:forcetypeassert // the list holds nothing else

	if known.token == tokenOf(request) {
		return known, known.etag, nil
	}

	body, err := unpack(known.body)

	return known, etagFor(request, body), err
}

// confirm notes that an answer holds for the token that asked.
func (c *cache) confirm(known *cached, etag string, request http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()

	known.token, known.etag = tokenOf(request), etag
}

// put remembers resp, whose body exchange has already read whole.
func (c *cache) put(key cacheKey, request http.Header, resp *http.Response) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}

	resp.Body = io.NopCloser(bytes.NewReader(body))

	packed, err := c.packer.pack(body)
	if err != nil {
		return err
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	if old, ok := c.byKey[key]; ok {
		c.drop(old)
	}

	entry := &cached{key: key, token: tokenOf(request), etag: resp.Header.Get("ETag"), header: lasting(resp.Header), body: packed}
	c.byKey[key] = c.order.PushFront(entry)
	c.bytes += entry.size()

	for c.order.Len() > cacheEntries || c.bytes > cacheBytes {
		c.drop(c.order.Back())
	}

	return nil
}

func (c *cache) drop(element *list.Element) {
	entry := c.order.Remove(element).(*cached) //nolint:forcetypeassert // the list holds nothing else
	c.bytes -= entry.size()
	delete(c.byKey, entry.key)
}

// size is about what an entry takes in memory, its header and key included.
func (e *cached) size() int { return len(e.body) + 1024 }
