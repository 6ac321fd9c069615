package status

import (
	"github.com/goingdark-social/bot/pkg/severity"
)

// Finding is one drift.
type Finding struct {
	Check    string
	Severity severity.Level
	// File is relative to the repository; "" for what is outside of it. Line
	// counts from 1; 0: the whole file.
	File string
	Line int
	// Message says what, Fix what to do; each is a sentence.
	Message, Fix string
}
