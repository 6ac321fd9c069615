package fleet

import (
	"errors"
	"fmt"
	"time"

	"github.com/goingdark-social/bot/pkg/config"
)

// Member is one repository of a fleet.
type Member struct {
	config.Repository

	// Account is what repositories have in common that share rights and a rate
	// limit: an installation's, or "" for all of one token.
	Account string
}

// Outcome is how the work on one repository ended.
type Outcome struct {
	Member

	// Result is one of Results.
	Result Result
	// Err is why the work failed or was put off; nil where it is done.
	Err error
	// Took is how long it took; 0 where it was not begun.
	Took time.Duration
}

// Result is how the work on a repository ended, as far as it is counted.
type Result string

// The results.
const (
	// Done: without an error.
	Done Result = "ok"
	// Failed: with one of its own.
	Failed Result = "failed"
	// Deferred: not begun, since the account's rate limit is nearly used up.
	Deferred Result = "deferred"
	// Stopped: not begun or not ended, since the whole work was stopped.
	Stopped Result = "stopped"
)

// BudgetError says that a repository waits for its account's rate limit.
type BudgetError struct {
	Repository, Account string
	Budget              Budget
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("%s waits: of the rate limit of %s %d requests are left until %s",
		e.Repository, orToken(e.Account), e.Budget.Remaining, e.Budget.Reset.UTC().Format(time.RFC3339))
}

func orToken(account string) string {
	if account == "" {
		return "the token"
	}

	return account
}

// PanicError is a defect of the program that one repository brought to light.
type PanicError struct {
	Repository string
	Value      any
	Stack      []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("%s: this is a defect of the bot, please report it with its log: panic: %v", e.Repository, e.Value)
}

// ErrTooLong is the cause of a repository's end that took longer than its time.
var ErrTooLong = errors.New("the repository took longer than its time")
