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
// It stands below authorize, because GitHub answers by token: an answer is
// only used for the very token that received it.
type cache struct {
	next   http.RoundTripper
	packer packer

	mu    sync.Mutex
	bytes int
	order *list.List // of *cached, the most recently used first
	byKey map[cacheKey]*list.Element
}

type cacheKey struct {
	url, accept string
	token       [sha256.Size]byte
}

type cached struct {
	key    cacheKey
	etag   string
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

	key := cacheKey{req.URL.String(), req.Header.Get("Accept"), sha256.Sum256([]byte(req.Header.Get("Authorization")))}

	known := c.get(key)
	if known != nil {
		req = req.Clone(req.Context())
		req.Header.Set("If-None-Match", known.etag)
	}

	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}

	switch {
	case resp.StatusCode == http.StatusNotModified && known != nil:
		return known.answer(resp)
	case resp.StatusCode == http.StatusOK && resp.Header.Get("ETag") != "":
		return resp, c.put(key, resp)
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

func (c *cache) get(key cacheKey) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()

	element, ok := c.byKey[key]
	if !ok {
		return nil
	}

	c.order.MoveToFront(element)

	return element.Value.(*cached) //nolint:forcetypeassert // the list holds nothing else
}

// put remembers resp, whose body exchange has already read whole.
func (c *cache) put(key cacheKey, resp *http.Response) error {
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

	entry := &cached{key: key, etag: resp.Header.Get("ETag"), header: lasting(resp.Header), body: packed}
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
