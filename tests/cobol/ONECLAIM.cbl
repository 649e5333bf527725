      *> Hands one claim to FUSHOCLM and writes what comes back.
      *>   ONECLAIM  environment: PLUGIN OPTIONS CODE HEADER CLAIM
      *>             CAPTURE RESULT; files with one record a line.
      *> Calls twice, with one session, and shows the second result.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. ONECLAIM.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT IN-FILE ASSIGN TO WS-PATH
               ORGANIZATION LINE SEQUENTIAL FILE STATUS WS-FILE.
           SELECT OUT-FILE ASSIGN TO WS-RESULT
               ORGANIZATION LINE SEQUENTIAL FILE STATUS WS-FILE.
       DATA DIVISION.
       FILE SECTION.
       FD  IN-FILE.
       01  IN-LINE                PIC X(3000).
       FD  OUT-FILE.
       01  OUT-LINE                PIC X(3000).
       WORKING-STORAGE SECTION.
       COPY FUSHOCLM.
       01  WS-PATH                     PIC X(256).
       01  WS-RESULT                   PIC X(256).
       01  WS-FILE                     PIC X(02).
       01  WS-AT                       PIC 9(06) VALUE 1.
       01  WS-LEN                      PIC 9(06).
       01  I                           PIC 9(06).
       PROCEDURE DIVISION.
       MAIN-SECTION.
           ACCEPT FCLM-PLUGIN FROM ENVIRONMENT "PLUGIN".
           ACCEPT FCLM-OPTIONS FROM ENVIRONMENT "OPTIONS".
           ACCEPT FCLM-TEXT-CODE FROM ENVIRONMENT "CODE".
           PERFORM READ-HEADER.
           PERFORM READ-CLAIM.
           PERFORM READ-CAPTURE.
           PERFORM CALL-CLAIM 2 TIMES.
           PERFORM SHOW.
           MOVE "END" TO FCLM-FUNCTION.
           CALL "FUSHOCLM" USING FUSHOCLM-PARM FUSHOCLM-IN
                                 FUSHOCLM-OUT FUSHOCLM-FINDINGS.
           DISPLAY "END " FCLM-STATUS.
           MOVE 0 TO RETURN-CODE.
           STOP RUN.
       CALL-CLAIM.
           CALL "FUSHOCLM" USING FUSHOCLM-PARM FUSHOCLM-IN
                                 FUSHOCLM-OUT FUSHOCLM-FINDINGS
               ON EXCEPTION
                   DISPLAY "FUSHOCLM was not found"
                   MOVE 5 TO RETURN-CODE
                   STOP RUN
           END-CALL.
           DISPLAY "CALL " FCLM-STATUS " RETURN-CODE " RETURN-CODE.
       READ-HEADER.
           ACCEPT WS-PATH FROM ENVIRONMENT "HEADER".
           OPEN INPUT IN-FILE.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > 2
               READ IN-FILE
                   AT END EXIT PERFORM
                   NOT AT END
                       MOVE IN-LINE TO FCLM-HEADER-TEXT(I)
               END-READ
           END-PERFORM.
           CLOSE IN-FILE.
       READ-CLAIM.
           ACCEPT WS-PATH FROM ENVIRONMENT "CLAIM".
           MOVE 0 TO FCLM-IN-COUNT.
           OPEN INPUT IN-FILE.
           PERFORM UNTIL WS-FILE NOT = "00"
               READ IN-FILE
                   NOT AT END
                       ADD 1 TO FCLM-IN-COUNT
                       MOVE IN-LINE TO FCLM-IN-TEXT(FCLM-IN-COUNT)
                       MOVE 0 TO FCLM-IN-LEN(FCLM-IN-COUNT)
               END-READ
           END-PERFORM.
           CLOSE IN-FILE.
       READ-CAPTURE.
           ACCEPT WS-PATH FROM ENVIRONMENT "CAPTURE".
           OPEN INPUT IN-FILE.
           PERFORM UNTIL WS-FILE NOT = "00"
               MOVE SPACE TO IN-LINE
               READ IN-FILE
                   NOT AT END
                       PERFORM ADD-CAPTURE
               END-READ
           END-PERFORM.
           CLOSE IN-FILE.
           COMPUTE FCLM-CAPTURE-LEN = WS-AT - 1.
       ADD-CAPTURE.
           PERFORM VARYING WS-LEN FROM 3000 BY -1
               UNTIL WS-LEN = 0 OR IN-LINE(WS-LEN:1) NOT = SPACE
               CONTINUE
           END-PERFORM.
           IF WS-LEN > 0
               MOVE IN-LINE(1:WS-LEN)
                   TO FCLM-CAPTURE(WS-AT:WS-LEN)
               ADD WS-LEN TO WS-AT
           END-IF.
           MOVE X"0A" TO FCLM-CAPTURE(WS-AT:1).
           ADD 1 TO WS-AT.
       SHOW.
           DISPLAY "STATUS " FCLM-STATUS " ROUTE " FCLM-ROUTE
               " EDITS " FCLM-EDITS " ERRORS " FCLM-ERRORS
               " WARNINGS " FCLM-WARNINGS.
           DISPLAY "MESSAGE " FCLM-ERROR-CODE(1:4) " "
               FUNCTION TRIM(FCLM-MESSAGE).
           DISPLAY "FINDINGS " FCLM-FINDING-COUNT " OF "
               FCLM-FINDING-TOTAL.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > FCLM-FINDING-COUNT
               DISPLAY FCLM-F-CODE(I) FCLM-F-SEVERITY(I)
                   FCLM-F-INDEX(I) " " FCLM-F-RECORD(I)
                   FCLM-F-FIELD(I) " " FUNCTION TRIM(FCLM-F-MESSAGE(I))
           END-PERFORM.
           ACCEPT WS-RESULT FROM ENVIRONMENT "RESULT".
           OPEN OUTPUT OUT-FILE.
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > FCLM-OUT-COUNT
               MOVE FCLM-OUT-TEXT(I) TO OUT-LINE
               WRITE OUT-LINE
           END-PERFORM.
           CLOSE OUT-FILE.
