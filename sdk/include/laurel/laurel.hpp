#pragma once
// Everything.

#include "laurel/engine.hpp"
#include "laurel/redemption.hpp"
#include "laurel/transfer.hpp"
