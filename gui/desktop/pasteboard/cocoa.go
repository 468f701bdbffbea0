//go:build darwin && cgo

package pasteboard

/*
#cgo CFLAGS: -x objective-c
#cgo LDFLAGS: -framework AppKit
#include <stdlib.h>
#include <string.h>
#import <AppKit/AppKit.h>

// putText returns the number of the change, or 0 if the pasteboard does not accept the text.
static long putText(const char *text, int marked) {
	@autoreleasepool {
		NSString *mark = @"org.nspasteboard.ConcealedType";
		NSString *string = [NSString stringWithUTF8String:text];
		if (string == nil) {
			return 0; // not UTF-8
		}
		NSPasteboard *board = [NSPasteboard generalPasteboard];
		[board declareTypes:(marked ? @[NSPasteboardTypeString, mark] : @[NSPasteboardTypeString]) owner:nil];
		if (marked) {
			[board setString:@"" forType:mark];
		}
		return [board setString:string forType:NSPasteboardTypeString] ? [board changeCount] : 0;
	}
}

// emptyText empties the pasteboard, unless it has changed since the change with this number.
static int emptyText(long change) {
	@autoreleasepool {
		NSPasteboard *board = [NSPasteboard generalPasteboard];
		if ([board changeCount] != change) {
			return 0;
		}
		[board declareTypes:@[] owner:nil];
		return 1;
	}
}

// getText returns a copy of the text on the pasteboard, or NULL. The caller frees it.
static char *getText(void) {
	@autoreleasepool {
		NSString *string = [[NSPasteboard generalPasteboard] stringForType:NSPasteboardTypeString];
		const char *text = [string UTF8String]; // NULL if the text is not valid UTF-16
		return text == NULL ? NULL : strdup(text);
	}
}
*/
import "C"

import (
	"context"
	"errors"
	"strings"
	"unsafe"

	"controlmap-jumpcloud/connector/secret"
)

// put puts a text on the pasteboard. Its mark is that of http://nspasteboard.org, which clipboard managers respect.
//
// It was written without a Mac, and tried with GNUstep, which has the same classes (scripts/cocoa).
func put(_ context.Context, s secret.Secret, marked bool) (Claim, error) {
	text := C.CString(s.Reveal())
	defer C.free(unsafe.Pointer(text))
	defer C.memset(unsafe.Pointer(text), 0, C.strlen(text))
	mark := C.int(0)
	if marked {
		mark = 1
	}
	change := C.putText(text, mark)
	if change == 0 {
		return nil, errors.New("the pasteboard did not accept the text")
	}
	return claim(change), nil
}

// claim is the number of the pasteboard's change that put did.
type claim C.long

// Release implements [Claim].
func (c claim) Release() bool { return C.emptyText(C.long(c)) != 0 }

// read returns the text on the pasteboard.
func read(_ context.Context, limit int) (secret.Secret, error) {
	text := C.getText()
	if text == nil {
		return secret.Secret{}, ErrNoText
	}
	defer C.free(unsafe.Pointer(text))
	length := C.strlen(text)
	defer C.memset(unsafe.Pointer(text), 0, length)
	if length == 0 {
		return secret.Secret{}, ErrNoText
	}
	return secret.New(strings.ToValidUTF8(C.GoStringN(text, C.int(min(int(length), limit))), "")), nil
}
