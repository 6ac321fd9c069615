package upstream

import (
	"errors"
	"strings"
	"testing"
)

// TestAReaderThatPanicsFails: the others end, and the program goes on.
func TestAReaderThatPanicsFails(t *testing.T) {
	t.Parallel()
	others := make(chan bool, 1)
	var group beside
	group.Go(func() error { others <- true; return nil })
	group.Go(func() error { var none []int; return errors.New(strings.Repeat("x", none[1])) })
	err := group.Wait()
	if e, ok := errors.AsType[*PanicError](err); !ok || !strings.HasPrefix(e.Place, "upstream/beside_test.go:") || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("err = %v", err)
	}
	if !<-others {
		t.Error("the other reader did not end")
	}
}
