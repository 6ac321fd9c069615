package registry

import (
	"container/list"
	"sync"
)

// cache keeps the entries used last, up to a bound.
type cache[V any] struct {
	mu      sync.Mutex
	most    int
	order   *list.List // of entry[V], the one used last in front
	entries map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
}

func newCache[V any](most int) *cache[V] {
	return &cache[V]{most: most, order: list.New(), entries: map[string]*list.Element{}}
}

func (c *cache[V]) get(key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()

	element, ok := c.entries[key]
	if !ok {
		return value, false
	}

	c.order.MoveToFront(element)

	return element.Value.(entry[V]).value, true //nolint:forcetypeassert // only put fills the list
}

func (c *cache[V]) put(key string, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.remove(key)
	c.entries[key] = c.order.PushFront(entry[V]{key, value})

	if c.order.Len() > c.most {
		c.remove(c.order.Back().Value.(entry[V]).key) //nolint:forcetypeassert // only put fills the list
	}
}

func (c *cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.remove(key)
}

func (c *cache[V]) remove(key string) {
	if element, ok := c.entries[key]; ok {
		c.order.Remove(element)
		delete(c.entries, key)
	}
}
