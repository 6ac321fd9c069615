package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// TableEnv names the file to which every search adds its row, one JSON object
// a line. Default: nowhere.
const TableEnv = "BOT_FAULTS_TABLE"

// Row is what one search came to.
type Row struct {
	// Promise is the name of what was searched for violations.
	Promise string `json:"promise"`
	// Cases is how many situations were tried, Violations how many of them
	// broke a promise.
	Cases      int `json:"cases"`
	Violations int `json:"violations"`
	// Seconds is how long it took, from the first case to the last.
	Seconds float64 `json:"seconds"`
	// Measured is what else was measured, in words. Default: nothing.
	Measured string `json:"measured,omitempty"`
}

// Count counts one search. It is safe for concurrent use.
type Count struct {
	promise string
	began   time.Time

	mu       sync.Mutex
	cases    int
	broken   int
	measured string
}

// Begin starts the search for violations of a promise.
func Begin(promise string) *Count { return &Count{promise: promise, began: time.Now()} }

// Case counts one situation, and whether it broke the promise.
func (c *Count) Case(broken bool) { c.Cases(1, map[bool]int{true: 1}[broken]) }

// Cases counts several at once.
func (c *Count) Cases(cases, broken int) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.cases += cases
	c.broken += broken
}

// Measuredf says what else was measured.
func (c *Count) Measuredf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.measured = fmt.Sprintf(format, args...)
}

// Row is the count so far.
func (c *Count) Row() Row {
	c.mu.Lock()
	defer c.mu.Unlock()

	return Row{c.promise, c.cases, c.broken, time.Since(c.began).Seconds(), c.measured}
}

// End adds the row to the table that TableEnv names.
func (c *Count) End() error {
	name := os.Getenv(TableEnv)
	if name == "" {
		return nil
	}

	line, err := json.Marshal(c.Row())
	if err != nil {
		return err
	}

	// One write of one line: several test binaries add to the same file.
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // whoever runs the tests says where the table goes
	if err != nil {
		return fmt.Errorf("adding to the table of faults: %w", err)
	}

	_, err = f.Write(append(line, '\n'))

	return errors.Join(err, f.Close())
}
